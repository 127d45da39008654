internal import Glibc

/// Texts as C takes a list of them, ended by NULL, for as long as this lives.
@safe  // the pointers are made in init and freed once, in deinit
final class CStrings {
    private let storage: UnsafeMutableBufferPointer<UnsafePointer<CChar>?>

    init(_ texts: [String]) {
        unsafe storage = .allocate(capacity: texts.count + 1)
        unsafe storage.initialize(repeating: nil)
        for (index, text) in texts.enumerated() {
            // strdup(3) gives nil only where no memory is left.
            unsafe storage[index] = unsafe UnsafePointer(strdup(text))
        }
    }

    deinit {
        for unsafe pointer in unsafe storage {
            unsafe free(UnsafeMutablePointer(mutating: pointer))
        }
        unsafe storage.deallocate()
    }

    @unsafe var pointers: UnsafePointer<UnsafePointer<CChar>?> {
        guard let base = unsafe storage.baseAddress else {
            preconditionFailure("there is room for the NULL at least")
        }
        return unsafe UnsafePointer(base)
    }
}
