import Glibc

/// Takes the place of Swift's own `Mutex` where ThreadSanitizer looks on: it knows what these calls mean.
struct Mutex<Value: ~Copyable>: ~Copyable, @unchecked Sendable {
  // SAFETY: the value is touched only while the lock is held.
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let value = UnsafeMutablePointer<Value>.allocate(capacity: 1)

  init(_ initial: consuming sending Value) {
    pthread_mutex_init(lock, nil)
    value.initialize(to: initial)
  }

  borrowing func withLock<R: ~Copyable, E: Error>(
    _ body: (inout sending Value) throws(E) -> sending R
  ) throws(E) -> sending R {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return try body(&value.pointee)
  }

  deinit {
    value.deinitialize(count: 1)
    value.deallocate()
    pthread_mutex_destroy(lock)
    lock.deallocate()
  }
}
