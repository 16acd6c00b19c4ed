package import Conversation

/// A span that goes on, to be told what becomes known; where nobody traces, telling it does nothing.
package struct ActiveSpan: Sendable {
  private let trace: Trace?
  private let id: SpanID

  /// The span that the running task works for. Tasks of a group inherit it.
  @TaskLocal package static var current = ActiveSpan()

  fileprivate init() {
    trace = nil
    id = SpanID(0)
  }

  fileprivate init(_ id: SpanID, in trace: Trace) {
    self.trace = trace
    self.id = id
  }

  /// Whether what was said is wanted.
  package var keepsContent: Bool { trace?.keepsContent ?? false }

  package func set(_ name: String, _ value: JSON?) {
    guard let trace, let value else { return }
    trace.change(id) { $0.attributes[name] = value.bounded }
  }

  package func set(_ attributes: [String: JSON]) {
    guard let trace else { return }
    trace.change(id) { span in
      for (name, value) in attributes { span.attributes[name] = value.bounded }
    }
  }

  /// Notes what was said, if that is wanted; longer texts are cut.
  package func setContent(_ name: String, _ text: @autoclosure () -> String) {
    guard let trace, trace.keepsContent else { return }
    let text = text()
    let room = trace.room(forContent: text.unicodeScalars.count)
    let cut = room < text.unicodeScalars.count ? String(text.unicodeScalars.prefix(room)) + "…" : text
    trace.change(id) { $0.attributes[name] = .string(cut) }
  }

  package func event(_ name: String, _ attributes: [String: JSON] = [:]) {
    trace?.change(id) { span in
      guard span.events.count < Trace.eventsPerSpan else { return }
      span.events.append(Span.Event(name: name, attributes: attributes.mapValues(\.bounded)))
    }
  }

  /// Notes how it failed. The first word counts.
  package func fail(_ type: String, _ message: String? = nil) {
    trace?.change(id) { span in
      if span.failure == nil {
        span.failure = Span.Failure(type: type, message: message?.cut(toScalars: Trace.textScalars))
      }
    }
  }
}

// MARK: Nesting

extension ActiveSpan {
  /// Does the work as a span of the current one. Failing, it is noted as `cancelled` or `failed`, unless `work` has
  /// said better.
  package static func during<Value, Failure: Error>(
    _ kind: Span.Kind, _ name: String, _ attributes: [String: JSON] = [:],
    _ work: (ActiveSpan) async throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    let parent = current
    guard let trace = parent.trace else { return try await work(parent) }
    let span = Span(
      parentID: parent.id, kind: kind, name: name.cut(toScalars: Trace.textScalars),
      attributes: attributes.mapValues(\.bounded))
    return try await trace.during(span, work)
  }
}

extension Trace {
  /// Does the work as that span, which all that it begins belongs to.
  package func during<Value, Failure: Error>(
    _ span: Span, _ work: (ActiveSpan) async throws(Failure) -> Value
  ) async throws(Failure) -> Value {
    let id = begin(span)
    let active = id.map { ActiveSpan($0, in: self) } ?? ActiveSpan()
    defer { if let id { end(id) } }
    let result: Result<Value, Failure> = await ActiveSpan.$current.withValue(active) {
      do throws(Failure) {
        return .success(try await work(active))
      } catch {
        active.fail(Task.isCancelled || error is CancellationError ? "cancelled" : "failed")
        return .failure(error)
      }
    }
    return try result.get()
  }
}

// MARK: Bounds

extension JSON {
  fileprivate var bounded: JSON {
    if case .string(let text) = self { .string(text.cut(toScalars: Trace.textScalars)) } else { self }
  }
}

extension String {
  fileprivate func cut(toScalars limit: Int) -> String {
    // As many bytes are as many scalars at most.
    guard utf8.count > limit, unicodeScalars.count > limit else { return self }
    return String(unicodeScalars.prefix(limit)) + "…"
  }
}
