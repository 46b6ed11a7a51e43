/// Why a build failed. Prints as `Dockerfile:7: COPY 'x': not found in the build context`.
package struct BuildError: Error, Hashable, Sendable, CustomStringConvertible {
  package var message: String
  /// The Dockerfile as the user named it, and the line; nil where no line is to blame.
  package var place: String?

  package init(_ message: String, at place: String? = nil) {
    self.message = message
    self.place = place
  }

  package var description: String { place.map { "\($0): \(message)" } ?? message }

  /// The same error at `place`, unless it has a place already.
  func at(_ place: String?) -> BuildError { self.place == nil ? BuildError(message, at: place) : self }
}

/// Runs `body`, saying what was being attempted where anything fails.
func attempting<Value: ~Copyable>(_ attempt: @autoclosure () -> String, _ body: () throws -> Value) throws(BuildError) -> Value {
  do { return try body() } catch let error as BuildError { throw error } catch { throw BuildError("\(attempt()): \(error)") }
}

/// Runs `body`; its errors speak for themselves.
func reporting<Value: ~Copyable>(_ body: () throws -> Value) throws(BuildError) -> Value {
  do { return try body() } catch let error as BuildError { throw error } catch { throw BuildError("\(error)") }
}
