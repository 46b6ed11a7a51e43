package import OCIImageSpec

/// What a pull or a push has come to, for whoever shows it.
package enum TransferEvent: Sendable {
  case started(Descriptor)
  /// Bytes so far.
  case progress(Descriptor, Int64)
  /// The other side has it already.
  case exists(Descriptor)
  /// The registry took it over from another of its repositories.
  case mounted(Descriptor, from: String)
  case done(Descriptor)
}
