/// What an archive may ask of us. The defaults let every honest image through and stop one that is made to exhaust the machine.
package struct LayerLimits: Sendable {
  /// Entries in one layer.
  package var entries = 4_000_000
  /// Bytes of a path or a link's target; the kernel takes 4095.
  package var nameLength = 4095
  /// Bytes of one pax extended header or GNU long name, of which several may precede an entry.
  package var extendedHeaderSize = 1 << 20
  /// Ranges of one sparse file.
  package var sparseRanges = 1 << 20
  /// Bytes of the uncompressed stream, and of all files together, holes counted.
  package var uncompressedSize: Int64 = 256 << 30
  /// Uncompressed bytes for each compressed one, once the stream is longer than ``ratioAllowance``.
  package var ratio: Int64 = 250
  /// Bytes that may come out of a stream whatever its ratio.
  package var ratioAllowance: Int64 = 2 << 30

  package init() {}
}
