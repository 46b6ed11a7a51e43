import CommandSupport
import Linux
import SystemPackage
import Testing

@testable import Bundle

/// The flags of a command line, as `create` reads them.
func flags(_ arguments: String...) throws -> ContainerFlags {
  let parsed = try OptionTable(ContainerOptionTable.options, order: .beforeOperands).parse(arguments)
  return try ContainerFlags(parsed, workingDirectory: "/work")
}

@Suite struct ContainerFlagsTests {
  @Test func everyDay() throws {
    let flags = try flags(
      "-itd", "--rm", "-p", "4000:80", "-eA=1", "--env", "B=2", "-v", "data:/d", "-m", "64m", "--name=web", "-u", "1:2", "-w", "/x", "-h",
      "host",
      "--read-only=false", "-l", "k=v", "image", "--not-a-flag")
    #expect(flags.tty && flags.openStdin && flags.detach && flags.autoRemove && !flags.readOnly)
    #expect(flags.ports == [PortMapping(hostPort: "4000", containerPort: 80)] && flags.portSpecs == ["4000:80"])
    #expect(flags.environment == ["A=1", "B=2"] && flags.resources.memory == 64 << 20 && flags.name == "web")
    #expect(flags.user == "1:2" && flags.workingDirectory == "/x" && flags.hostname == "host" && flags.labels == ["k": "v"])
    #expect(flags.networkMode == "bridge")
  }

  @Test(arguments: [
    (["--memory", "5m"], "Minimum memory limit allowed is 6MB"),
    (["--memory", "1x"], "invalid argument \"1x\" for \"-m, --memory\" flag: invalid suffix: 'x'"),
    (["--memory-swap", "1g"], "You should always set the Memory limit when using Memoryswap limit, see usage"),
    (["-m", "1g", "--memory-swap", "500m"], "Minimum memoryswap limit should be larger than memory limit, see usage"),
    (["--cpus", "1", "--cpu-quota", "5000"], "Conflicting options: Nano CPUs and CPU Quota cannot both be set"),
    (["--cpu-period", "10"], "CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)"),
    (["--cpuset-cpus", "3-1"], "Invalid value 3-1 for cpuset cpus"),
    (["--memory-swappiness", "101"], "invalid value: 101. Valid memory swappiness range is 0-100"),
    (["--oom-score-adj", "2000"], "Invalid value 2000, range for oom score adj is [-1000, 1000]"),
    (["--pid", "x"], "--pid: invalid PID mode"),
    (["--uts", "private2"], "--uts: invalid UTS mode"), (["--userns", "x"], "--userns: invalid USER mode"),
    (["--restart", "always", "--rm"], "conflicting options: cannot specify both --restart and --rm"),
    (["--health-interval", "1"], "invalid argument \"1\" for \"--health-interval\" flag: time: missing unit in duration \"1\""),
    (["--no-healthcheck", "--health-cmd", "x"], "--no-healthcheck conflicts with --health-* options"),
    (["--network", "a", "--network", "a"], "network \"a\" is specified multiple times"),
    (["--network", "host", "--network", "a"], "conflicting options: cannot attach both user-defined and non-user-defined network-modes"),
    (["--network-alias", "x"], "network-scoped aliases are only supported for user-defined networks"),
    (["--ip", "1.2.3.4"], "user specified IP address is supported on user defined networks only"),
    (["--network", "n", "--mac-address", "x"], "x is not a valid mac address"),
    (["--network", "container:x", "-p", "80"], "conflicting options: port publishing and the container type network mode"),
    (["--network", "host", "--sysctl", "net.ipv4.ip_forward=1"], "sysctl 'net.ipv4.ip_forward' not allowed in host network namespace"),
    (["-v", "/a:/x", "--tmpfs", "/x"], "Duplicate mount point: /x"),
    (["-w", "rel"], "the working directory 'rel' is invalid, it needs to be an absolute path"),
    (["--name", "a"], "Invalid container name (a), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"),
    (["--name", "../x"], "Invalid container name (../x), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed"),
    (["--stop-signal", "FOO"], "Invalid signal: FOO"),
    (["--cgroup-parent", "/a/../.."], "invalid --cgroup-parent '/a/../..': '..' is not allowed"),
    (["--env-file", "/nonexistent"], "open /nonexistent: open '/nonexistent': No such file or directory"),
    (["-d", "-a", "stdin"], "conflicting options: cannot specify both --attach and --detach"),
    (["--log-driver", "syslog"], "--log-driver syslog is not supported: the drivers are json-file, local and none"),
    (["--ip6", "::1"], "--ip6 is not supported: netctl gives out IPv4 addresses only"), (["--hostname", "a b"], "invalid hostname: 'a b'"),
  ])
  func refusals(_ arguments: [String], _ message: String) throws {
    let parsed = try OptionTable(ContainerOptionTable.options, order: .beforeOperands).parse(arguments)
    let error = #expect(throws: BundleError.self) { try ContainerFlags(parsed, workingDirectory: "/") }
    #expect(error?.description == message)
  }

  /// Every flag of docker run is in the table: to be obeyed or to be refused by name.
  @Test(.enabled(if: Environment["TOTE_CORPORA"] != nil, "TOTE_CORPORA is not set"))
  func knowsEveryFlagOfDocker() throws {
    let file = FilePath(Environment["TOTE_CORPORA"] ?? "").appending("cli/docker-cli-flags.tsv")
    let rows = String(decoding: try readFile(file), as: UTF8.self).split(separator: "\n")
    let row = try #require(rows.first { $0.hasPrefix("container run\t") })
    let words = try #require(row.split(separator: "\t", omittingEmptySubsequences: false).last).split(separator: " ")
    #expect(words.count > 90)
    let known = Set(ContainerOptionTable.options.flatMap(\.names))
    for word in words where word != "--help" {
      for spelling in word.split(separator: "/") { #expect(known.contains(String(spelling.drop { $0 == "-" })), "\(spelling)") }
    }
  }

  @Test func oneNameIsOneFlag() {
    let names = ContainerOptionTable.options.flatMap(\.names) + CreateRequest.options.flatMap(\.names)
    #expect(Set(names).count == names.count)
  }
}
