internal import JSON
internal import OCIDistributionSpec

/// A repository that a registry has found.
package struct FoundRepository: Sendable {
  package let name: String
  package let description: String
  package let stars: Int
  package let isOfficial: Bool
}

extension RegistryClient {
  /// Repositories that fit `term`, by docker's first protocol, which Docker Hub and some others still answer to. A registry that
  /// does not is asked for all its repositories, and those whose name has the term are it.
  package func search(_ term: String, limit: Int) throws(RegistryError) -> [FoundRepository] {
    let response = try send(.get, "/v1/search?q=\(percentEncoded(term))&n=\(limit)", scopes: [])
    if response.status == 404 || response.status == 405 {
      let names = try repositories().filter { $0.contains(term.lowercased()) }
      return names.prefix(limit).map { FoundRepository(name: "\(host.name)/\($0)", description: "", stars: 0, isOfficial: false) }
    }
    guard response.status == 200 else { throw failure(response, "\(host.name): search for '\(term)'") }
    let document: JSONValue
    do { document = try JSONValue(parsing: response.body) } catch { throw RegistryError(.verification, "\(host.name): search: \(error)") }
    return (document["results"]?.arrayValue ?? []).prefix(limit).compactMap { result in
      guard let name = result["name"]?.stringValue else { return nil }
      return FoundRepository(
        name: name, description: result["description"]?.stringValue ?? "", stars: result["star_count"]?.integerValue ?? 0,
        isOfficial: result["is_official"]?.boolValue ?? false)
    }
  }
}
