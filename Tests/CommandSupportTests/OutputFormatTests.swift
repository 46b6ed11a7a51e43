import JSON
import Linux
import Testing

@testable import CommandSupport

@Suite struct OutputFormatTests {
  let rows: [JSONValue] = [
    ["Repository": "busybox", "Tag": "1", "ID": "0123456789ab", "Labels": "a=b,c=d"],
    ["Repository": "127.0.0.1:5000/me/get-started", "Tag": "part2", "ID": "ba9876543210", "Labels": ""],
  ]
  let titles = [("Repository", "REPOSITORY"), ("Tag", "TAG"), ("ID", "IMAGE ID"), ("Labels", "LABELS")]
  let table = "{{.Repository}}\t{{.Tag}}\t{{.ID}}"

  @Test func columnsArePaddedAsDockersAre() throws {
    #expect(
      try OutputFormat(nil, table: table).render(rows, titles: titles) == """
        REPOSITORY                      TAG       IMAGE ID
        busybox                         1         0123456789ab
        127.0.0.1:5000/me/get-started   part2     ba9876543210

        """)
  }

  @Test func anEmptyTableIsItsHeader() throws {
    #expect(try OutputFormat("table", table: table).render([], titles: titles) == "REPOSITORY   TAG       IMAGE ID\n")
  }

  @Test func tableTemplatesPickColumns() throws {
    let format = try OutputFormat(#"table {{.ID}}\t{{upper .Repository}}\t{{.Label "a"}}"#, table: table)
    #expect(
      try format.render(Array(rows.prefix(1)), titles: titles) == """
        IMAGE ID       REPOSITORY   a
        0123456789ab   BUSYBOX      b

        """)
  }

  @Test func templatesHaveNoHeader() throws {
    #expect(try OutputFormat("{{.Tag}}", table: table).render(rows, titles: titles) == "1\npart2\n")
    let json = try OutputFormat("json", table: table).render(rows, titles: titles).split(separator: "\n")
    #expect(try json.map { try JSONValue(parsing: Array($0.utf8)) } == rows)
  }

  @Test func columnsEndWhereLinesLackThem() {
    #expect(alignColumns("a\tb\nplain\nlonger than ten\tc", minimumWidth: 0) == "a   b\nplain\nlonger than ten   c")
  }

  @Test(
    arguments: [
      (0, "0B"), (999, "999B"), (1000, "1kB"), (1500, "1.5kB"), (4_261_574, "4.26MB"), (72_800_000, "72.8MB"), (187_000_000, "187MB"),
      (186_600_000, "187MB"), (999_600, "1MB"), (1_240_000_000, "1.24GB"), (10_000, "10kB"), (9_999, "10kB"), (-1500, "-1.5kB"),
    ] as [(Int64, String)])
  func sizes(_ bytes: Int64, _ text: String) { #expect(humanSize(bytes) == text) }

  @Test(
    arguments: [
      (0, "Less than a second"), (1, "1 second"), (59, "59 seconds"), (60, "About a minute"), (119, "About a minute"), (120, "2 minutes"),
      (3599, "59 minutes"), (3600, "About an hour"), (5399, "About an hour"), (5400, "2 hours"), (47 * 3600, "47 hours"),
      (48 * 3600, "2 days"),
      (13 * 86400, "13 days"), (14 * 86400, "2 weeks"), (60 * 86400, "2 months"), (729 * 86400, "24 months"), (800 * 86400, "2 years"),
    ] as [(Int64, String)])
  func durations(_ seconds: Int64, _ text: String) { #expect(humanDuration(seconds: seconds) == text) }

  @Test func ages() {
    let now = Timestamp(rfc3339: "2026-11-21T10:00:03Z") ?? .now
    #expect(humanAge(rfc3339: "2026-11-21T10:00:00.9Z", now: now) == "3 seconds ago")
    #expect(humanAge(rfc3339: "0001-01-01T00:00:00Z", now: now) == "N/A")
    #expect(humanAge(rfc3339: nil) == "N/A")
  }
}
