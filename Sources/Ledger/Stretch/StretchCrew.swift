internal import Glibc

/// Several threads that work on stretches of the log; their findings come back in order.
///
/// A worker that is far ahead of the slowest one waits, so that findings do not pile up.
@safe  // the pointers are private, allocated once and freed once
// @unchecked: everything mutable is only touched under `lock`.
final class StretchCrew<Finding>: @unchecked Sendable {
    typealias Work = @Sendable (Stretch) throws(LedgerError) -> Finding

    private let stretches: [Stretch]
    private let work: Work
    private let lock: UnsafeMutablePointer<pthread_mutex_t>
    private let changed: UnsafeMutablePointer<pthread_cond_t>
    /// Only touched by the thread that has them walk.
    private var threads: [pthread_t] = []
    /// How many stretches may be claimed beyond those handed on.
    private let ahead: Int
    /// The next stretch that nobody has taken.
    private var next = 0
    /// How many findings were handed on.
    private var taken = 0
    private var results: [Int: Result<Finding, LedgerError>] = [:]
    private var isStopped = false

    private init(_ stretches: [Stretch], ahead: Int, _ work: @escaping Work) {
        self.stretches = stretches
        self.ahead = ahead
        self.work = work
        // Allocated, because pthread objects must not move.
        unsafe lock = .allocate(capacity: 1)
        unsafe lock.initialize(to: pthread_mutex_t())
        unsafe changed = .allocate(capacity: 1)
        unsafe changed.initialize(to: pthread_cond_t())
        let codes = unsafe (pthread_mutex_init(lock, nil), pthread_cond_init(changed, nil))
        precondition(codes == (0, 0), "a plain mutex and condition can always be made")
    }

    deinit {
        // No thread is left that could use them: each one holds a reference.
        unsafe pthread_cond_destroy(changed)
        unsafe pthread_mutex_destroy(lock)
        unsafe changed.deallocate()
        unsafe lock.deallocate()
    }

    /// Has a thread for each processor work on `stretches`, and hands what they find to `take` on
    /// this thread, in order, until it answers `.stop` or throws.
    static func walk<Failure: Error>(
        _ stretches: [Stretch], _ work: @escaping Work,
        _ take: (Result<Finding, LedgerError>) throws(Failure) -> ReadStep
    ) throws(Failure) {
        let processors = Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))
        let count = min(processors, stretches.count, LedgerLimits.stretchThreadsMax)
        let ahead = count * LedgerLimits.stretchesAheadMax
        let crew = count > 1 ? StretchCrew(stretches, ahead: ahead, work) : nil
        guard let crew, crew.start(count) else {
            for stretch in stretches {
                if try take(result(of: work, on: stretch)) == .stop { return }
            }
            return
        }
        defer { crew.stop() }
        for _ in stretches {
            if try take(crew.result()) == .stop { return }
        }
    }

    private static func result(
        of work: Work, on stretch: Stretch
    ) -> Result<Finding, LedgerError> {
        do throws(LedgerError) {
            return .success(try work(stretch))
        } catch {
            return .failure(error)
        }
    }

    /// False when no thread could be made at all.
    private func start(_ count: Int) -> Bool {
        for _ in 0..<count {
            // The thread takes this reference over, and drops it when it is done.
            let argument = unsafe Unmanaged.passRetained(CrewMember { self.run() })
            var thread = pthread_t()
            let code = unsafe pthread_create(
                &thread, nil,
                { argument in
                    // Exactly the reference that was retained for the thread.
                    let member = unsafe Unmanaged<CrewMember>.fromOpaque(argument!)
                    unsafe member.takeRetainedValue().run()
                    return nil
                }, argument.toOpaque())
            guard code == 0 else {
                unsafe argument.release()
                break
            }
            threads.append(thread)
        }
        return !threads.isEmpty
    }

    private func run() {
        while let index = claim() {
            let result = Self.result(of: work, on: stretches[index])
            locked {
                results[index] = result
                unsafe pthread_cond_broadcast(changed)
            }
        }
    }

    /// A stretch to walk; `nil` when there is none left.
    private func claim() -> Int? {
        locked {
            while !isStopped, next < stretches.count, next >= taken + ahead {
                unsafe pthread_cond_wait(changed, lock)
            }
            guard !isStopped, next < stretches.count else { return nil }
            next += 1
            return next - 1
        }
    }

    /// What was found in the next stretch, as soon as it is there.
    private func result() -> Result<Finding, LedgerError> {
        locked {
            while true {
                if let result = results.removeValue(forKey: taken) {
                    taken += 1
                    unsafe pthread_cond_broadcast(changed)
                    return result
                }
                unsafe pthread_cond_wait(changed, lock)
            }
        }
    }

    private func stop() {
        locked {
            isStopped = true
            unsafe pthread_cond_broadcast(changed)
        }
        // Each thread is joined once: the crew is not used again.
        for thread in threads { pthread_join(thread, nil) }
    }

    /// Runs `body` alone. The pointers live as long as self.
    private func locked<Value>(_ body: () -> Value) -> Value {
        unsafe pthread_mutex_lock(lock)
        defer { unsafe pthread_mutex_unlock(lock) }
        return body()
    }
}

/// What a thread of a crew runs: without the crew's generic parameter, which a C function cannot
/// know.
private final class CrewMember {
    let run: () -> Void

    init(_ run: @escaping () -> Void) { self.run = run }
}
