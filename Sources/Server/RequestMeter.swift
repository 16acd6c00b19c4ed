import Metering
import Synchronization

/// Counts requests by route and status, and times each route.
final class RequestMeter: Sendable {
  private struct Key: Hashable {
    let route: String
    let method: String
    let status: Int
  }

  /// What is none of the routes: the page's files, and what is not there.
  static let page = "page"
  /// Methods a client may have made up are counted as one.
  private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]

  private let requests = Tally<Key>()
  private let times = Mutex<[String: Histogram]>([:])

  /// - Parameter route: the path of a route, with the names of its parameters; there are as many as routes.
  /// - Parameter took: until the reply's head; a stream goes on after it.
  func note(route: String, method: String, status: Int, took: Duration) {
    requests.add(Key(route: route, method: Self.methods.contains(method) ? method : "other", status: status))
    let histogram = times.withLock { times in
      let known = times[route] ?? Histogram()
      times[route] = known
      return known
    }
    histogram.observe(took)
  }

  func measure(into exposition: inout Exposition) {
    let counts = requests.reading.map { key, count in
      Exposition.Sample(
        Double(count), ["route": key.route, "method": key.method, "status": String(key.status)])
    }
    exposition.counter("http_requests_total", "Requests that were answered.", counts)
    let used = times.withLock { $0 }.sorted { $0.key < $1.key }
    exposition.histogram(
      "http_request_seconds", "Time to the head of the reply.", used.map { (["route": $0.key], $0.value) })
  }
}
