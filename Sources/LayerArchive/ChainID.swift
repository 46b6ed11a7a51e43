internal import ContentHash
package import OCIImageSpec

/// The identity of a stack of layers (config.md#layer-chainid): that of the first layer is its diffID, every other one's is
/// `sha256("chainID below" + " " + "diffID")`. One chainID for each layer, lowest first.
package func chainIDs(of diffIDs: [Digest]) -> [Digest] {
  var chain: [Digest] = []
  for diffID in diffIDs {
    guard let below = chain.last else {
      chain.append(diffID)
      continue
    }
    chain.append(contentDigest(of: Array("\(below) \(diffID)".utf8)))
  }
  return chain
}
