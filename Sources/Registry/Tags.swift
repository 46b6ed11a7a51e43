internal import JSON
internal import OCIDistributionSpec

extension RegistryClient {
  /// Every tag of a repository, over as many pages as there are (`Link: <…>; rel="next"`).
  package func tags(_ repository: String, named name: String) throws(RegistryError) -> [String] {
    try pages("/v2/\(repository)/tags/list", scopes: [Self.scope(repository, "pull")], list: "tags", named: name)
  }

  /// Every repository of the registry, where it tells.
  package func repositories() throws(RegistryError) -> [String] {
    try pages("/v2/_catalog", scopes: ["registry:catalog:*"], list: "repositories", named: host.name)
  }

  private func pages(_ path: String, scopes: Set<String>, list: String, named name: String) throws(RegistryError) -> [String] {
    var next: String? = path
    var names: [String] = []
    var visited: Set<String> = []
    while let page = next {
      guard visited.insert(page).inserted, visited.count <= 10_000 else {
        throw RegistryError(.refused, "\(name): the registry's pages lead in a circle")
      }
      let response = try send(.get, page, scopes: scopes)
      guard response.status == 200 else { throw failure(response, name) }
      let document: JSONValue
      do { document = try JSONValue(parsing: response.body) } catch { throw RegistryError(.verification, "\(name): \(error)") }
      names += (document[list]?.arrayValue ?? []).compactMap(\.stringValue)
      next = response.header("link").flatMap { nextPage($0, after: page) }
    }
    return names
  }

  /// The next page that a `Link` names; only a path of this registry is followed.
  func nextPage(_ link: String, after page: String) -> String? {
    guard let next = nextLink(link) else { return nil }
    let target = absoluteURL(next, relativeTo: "https://\(host.address)\(page)")
    let (_, authority) = splitURL(target)
    guard authority == host.address, let range = target.firstRange(of: authority) else { return nil }
    return String(target[range.upperBound...])
  }
}
