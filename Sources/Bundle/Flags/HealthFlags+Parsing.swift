extension HealthFlags {
  /// nil where no flag speaks of health.
  init?(_ values: FlagValues) throws(BundleError) {
    disabled = values.flag("no-healthcheck")
    command = values.text("health-cmd").flatMap { $0.isEmpty ? nil : $0 }
    interval = try HealthFlags.duration(values, "health-interval")
    timeout = try HealthFlags.duration(values, "health-timeout")
    startPeriod = try HealthFlags.duration(values, "health-start-period")
    startInterval = try HealthFlags.duration(values, "health-start-interval")
    let count = try values.integer("health-retries")
    if let count, count < 0 { throw .refused("--health-retries cannot be negative") }
    retries = count.flatMap { $0 == 0 ? nil : Int($0) }
    let given = command != nil || interval != nil || timeout != nil || startPeriod != nil || startInterval != nil || retries != nil
    if disabled, given { throw .refused("--no-healthcheck conflicts with --health-* options") }
    if !disabled, !given { return nil }
  }

  /// Nanoseconds; nil where it was not given or is 0, which stands for the default.
  private static func duration(_ values: FlagValues, _ name: String) throws(BundleError) -> Int64? {
    guard let duration = try values.value(name, goDuration), duration != 0 else { return nil }
    if duration < 0 { throw .refused("--\(name) cannot be negative") }
    if duration < 1_000_000 { throw .refused("--\(name) cannot be less than 1ms") }
    return duration
  }
}
