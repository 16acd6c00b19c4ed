import Metering
import Testing

@Suite struct ExpositionTests {
  @Test func `each family says what it is, and each sample its labels`() {
    var exposition = Exposition()
    exposition.counter("runs_total", "Runs that ended.", [.init(3, ["status": "success"])])
    exposition.gauge("database_bytes", "Size of the database.", 1.5)
    #expect(
      exposition.text == """
        # HELP opengpts_runs_total Runs that ended.
        # TYPE opengpts_runs_total counter
        opengpts_runs_total{status="success"} 3
        # HELP opengpts_database_bytes Size of the database.
        # TYPE opengpts_database_bytes gauge
        opengpts_database_bytes 1.5

        """)
  }

  @Test func `a label's value cannot end its line or its quotes`() {
    var exposition = Exposition()
    exposition.gauge("x", "X.", [.init(1, ["name": "a\"b\\c\nd"])])
    #expect(exposition.text.hasSuffix("opengpts_x{name=\"a\\\"b\\\\c\\nd\"} 1\n"))
  }

  @Test func `a histogram counts up to each bound and beyond the last`() {
    let histogram = Histogram(bounds: [0.1, 1])
    for seconds in [0.05, 0.1, 0.5, 7] { histogram.observe(seconds: seconds) }
    var exposition = Exposition()
    exposition.histogram("wait_seconds", "Waiting.", [(["kind": "read"], histogram)])
    let lines = exposition.text.split(separator: "\n").suffix(5)
    #expect(
      Array(lines) == [
        "opengpts_wait_seconds_bucket{kind=\"read\",le=\"0.1\"} 2",
        "opengpts_wait_seconds_bucket{kind=\"read\",le=\"1\"} 3",
        "opengpts_wait_seconds_bucket{kind=\"read\",le=\"+Inf\"} 4",
        "opengpts_wait_seconds_sum{kind=\"read\"} 7.65", "opengpts_wait_seconds_count{kind=\"read\"} 4",
      ])
  }

  @Test func `what many count at once adds up`() async {
    let tally = Tally<String>()
    await withTaskGroup { group in
      for _ in 0..<100 { group.addTask { tally.add("a") } }
    }
    #expect(tally.reading == ["a": 100])
  }
}
