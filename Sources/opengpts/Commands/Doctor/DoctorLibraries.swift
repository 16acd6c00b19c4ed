import Foundation

/// What the C libraries of this process say of themselves. They are asked by name at run time, because
/// which BLAS stands behind the common library name is the machine's choice, not the build's.
enum LoadedLibraries {
  private typealias Text = @convention(c) () -> UnsafePointer<CChar>?
  private typealias Number = @convention(c) () -> Int32
  private typealias Question = @convention(c) (UnsafePointer<CChar>) -> Int32

  static func sqliteVersion() -> String? {
    call("sqlite3_libversion", as: Text.self).flatMap { $0() }.map { String(cString: $0) }
  }

  /// Whether SQLite was built with full-text search; nil where there is no SQLite.
  static func sqliteHasFullText() -> Bool? {
    call("sqlite3_compileoption_used", as: Question.self).map { $0("ENABLE_FTS5") == 1 }
  }

  /// OpenBLAS's name, version and kernels; nil with another BLAS.
  static func openBLASConfiguration() -> String? {
    call("openblas_get_config", as: Text.self).flatMap { $0() }.map { String(cString: $0) }
  }

  /// Threads OpenBLAS would use for one call.
  static func openBLASThreads() -> Int? {
    call("openblas_get_num_threads", as: Number.self).map { Int($0()) }
  }

  /// The function of that name in this process or the libraries it is linked with.
  private static func call<Function>(_ name: String, as type: Function.Type) -> Function? {
    guard let process = dlopen(nil, RTLD_LAZY), let symbol = dlsym(process, name) else { return nil }
    // SAFETY: each name is asked for with the C type its library's header gives it.
    return unsafeBitCast(symbol, to: type)
  }
}
