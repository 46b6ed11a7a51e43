import JSON
import Testing

@testable import CommandSupport

@Suite struct GoTemplateTests {
  let container: JSONValue = [
    "Id": "1fa4ab2cf395e0", "Names": ["/web", "/alias"], "Pid": 12, "Load": .number(.literal("0.25")), "Running": true,
    "Config": ["Labels": ["a.b": "c", "x": "y"], "Cmd": ["sh", "-c", "a b"], "Env": []],
    "Ports": ["80/tcp": [["HostIp": "0.0.0.0", "HostPort": "4000"]]], "Health": nil,
  ]

  // The answers are Go's text/template's with docker's functions.
  @Test(
    arguments: [
      ("{{.Id}}", "1fa4ab2cf395e0"), ("{{ .ID }}", "1fa4ab2cf395e0"), ("a{{/* no */}}b", "ab"), ("x {{- .Pid -}} y", "x12y"),
      ("{{.Names}}", "[/web /alias]"), ("{{json .Names}}", #"["/web","/alias"]"#), ("{{.Names | json}}", #"["/web","/alias"]"#),
      ("{{join .Names \",\"}}", "/web,/alias"), ("{{index .Names 1}}", "/alias"), ("{{len .Names}}", "2"),
      ("{{.Config.Labels}}", "map[a.b:c x:y]"), ("{{index .Config.Labels \"a.b\"}}", "c"), ("{{index .Config.Labels \"no\"}}", ""),
      ("{{.Health}}", "<no value>"), ("{{if .Health}}h{{else}}none{{end}}", "none"), ("{{if .Missing.Status}}h{{end}}.", "."),
      ("{{with .Config}}{{.Cmd}}{{end}}", "[sh -c a b]"), ("{{range .Config.Env}}e{{else}}empty{{end}}", "empty"),
      ("{{range $i, $n := .Names}}{{$i}}={{$n}};{{end}}", "0=/web;1=/alias;"),
      ("{{range $p, $conf := .Ports}}{{$p}}->{{(index $conf 0).HostPort}}{{end}}", "80/tcp->4000"),
      ("{{range .Names}}{{.}}{{break}}{{end}}", "/web"), ("{{range .Names}}{{if eq . \"/web\"}}{{continue}}{{end}}{{.}}{{end}}", "/alias"),
      ("{{$x := .Pid}}{{if gt $x 10}}{{$x = 1}}{{end}}{{$x}}", "1"),
      ("{{printf \"%.4s|%5d|%-5d|%05d\" .Id .Pid .Pid .Pid}}", "1fa4|   12|12   |00012"),
      ("{{printf \"%q %v %t %.1f%%\" .Id .Names .Running .Load}}", "\"1fa4ab2cf395e0\" [/web /alias] true 0.3%"),
      ("{{.Id | printf \"%.3s\" | upper}}", "1FA"), ("{{println .Pid}}", "12\n"), ("{{print 1 2 \"a\" 3}}", "1 2a3"),
      ("{{lower \"ABC\"}}{{title \"ab cd\"}}", "abcAb Cd"), ("{{split \"a:b\" \":\"}}", "[a b]"), ("{{pad \"x\" 1 2}}|", " x  |"),
      ("{{truncate .Id 4}}", "1fa4"), ("{{slice .Id 0 2}}", "1f"), ("{{if and .Running (gt .Pid 5)}}yes{{end}}", "yes"),
      ("{{if or .Health .Pid}}yes{{end}}", "yes"), ("{{or .Health \"dflt\"}}", "dflt"), ("{{and .Pid 0}}", "0"),
      ("{{not .Running}}", "false"),
      ("{{eq .Pid 1 12}}", "true"), ("{{ne .Id \"x\"}}", "true"), ("{{le 1 1}}{{lt \"b\" \"a\"}}{{ge 2 1}}", "truefalsetrue"),
      ("{{if .Health}}a{{else if .Running}}b{{else}}c{{end}}", "b"), ("{{`raw`}}{{'a'}}{{0x10}}{{1.5}}", "raw97161.5"),
      ("{{.Id}}\\t{{.Pid}}", "1fa4ab2cf395e0\t12"), ("{{$.Pid}}{{with .Config}}{{$.Pid}}{{end}}", "1212"), ("{{.Config.Label \"x\"}}", "y"),
      ("{{json \"<&>\"}}", "\"<&>\""), ("{{len \"é\"}}", "2"), ("{{true}}", "true"), ("{{{{", nil), ("{{.Id", nil), ("{{nofunc}}", nil),
      ("{{if}}x{{end}}", nil),
      ("{{if .Id}}", nil), ("{{end}}", nil), ("{{$y}}", nil), ("{{break}}", nil), ("{{\"x}}", nil), ("{{.Id | }}", nil),
      ("{{template \"x\"}}", nil),
    ] as [(String, String?)])
  func renders(_ text: String, _ expected: String?) throws {
    guard let expected else {
      #expect(throws: GoTemplateError.self) { try GoTemplate(text) }
      return
    }
    #expect(try GoTemplate(text).render(container) == expected)
  }

  @Test(arguments: [
    ("{{.Missing}}", "map has no entry for key \"Missing\""), ("{{.Id.X}}", "can't evaluate field X in type string"),
    ("{{.Health.Status}}", "map has no entry for key \"Status\""), ("{{index .Names 9}}", "index out of range: 9"),
    ("{{lower .Pid}}", "expected string; got int"), ("{{eq .Pid \"a\"}}", "incompatible types for comparison"),
    ("{{.Id 1}}", "has arguments but cannot be invoked as function"), ("{{range .Id}}{{end}}", "range can't iterate over"),
  ])
  func refuses(_ text: String, _ reason: String) throws {
    let error = try #require(throws: GoTemplateError.self) { try GoTemplate(text).render(container) }
    #expect(error.description.contains(reason))
  }

  @Test func parseErrorsNameWhatIsWrong() throws {
    let error = try #require(throws: GoTemplateError.self) { try GoTemplate("{{foo .}}") }
    #expect(error.description == "template parsing error: template: :1: function \"foo\" not defined")
  }
}
