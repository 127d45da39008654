internal import Glibc

/// A library that is loaded when a delivery asks for it.
///
/// libpq and libcurl bring some thirty others with them. Linked, they would cost every command
/// 10 ms at its start, and every machine their installation.
@safe  // a handle of dlopen(3) that is never closed: it stays what it is
struct SharedLibrary {
    private let handle: UnsafeMutableRawPointer
    private let name: String
    private let package: String

    /// - Parameters:
    ///   - name: with the version of its interface, such as `libpq.so.5`.
    ///   - package: Debian's package that holds it.
    init(_ name: String, package: String) throws(DeliveryError) {
        guard let opened = unsafe dlopen(name, RTLD_NOW | RTLD_LOCAL) else {
            throw .missingLibrary(name: name, package: package)
        }
        unsafe handle = opened
        self.name = name
        self.package = package
    }

    /// - Parameter type: what the library's header declares.
    func function<Function>(_ symbol: String, as type: Function.Type = Function.self)
        throws(DeliveryError) -> Function
    {
        let address = try unsafe address(symbol)
        // A C function pointer of Swift is the function's address.
        return unsafe unsafeBitCast(address, to: type)
    }

    func address(_ symbol: String) throws(DeliveryError) -> UnsafeMutableRawPointer {
        guard let address = unsafe dlsym(handle, symbol) else {
            throw .missingLibrary(name: "\(name) with \(symbol)", package: package)
        }
        return unsafe address
    }
}
