package import OCIImageSpec

/// What a transfer has come to, for whoever shows it. Events come from several threads at once.
package enum TransferEvent: Sendable {
  /// All that will be transferred, in this order.
  case planned([Descriptor])
  /// Bytes so far.
  case progress(Descriptor, Int64)
  /// The other side has it already.
  case exists(Descriptor)
  /// The registry took it over from another of its repositories.
  case mounted(Descriptor, from: String)
  case done(Descriptor)
  case unpacking(Descriptor)
  case unpacked(Descriptor)
}
