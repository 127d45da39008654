import Foundation
import TestSupport
import Testing

/// What a run is made of: the conduct of the parties, and the weather.
struct Scenario: Sendable, CustomTestStringConvertible {
    let name: String
    var conduct = Conduct.polite
    var weather = Weather()
    /// Clients knock at the door that guess passwords and ask too often, and honest ones.
    var isBesieged = false

    var testDescription: String { name }

    /// Those whose name begins with `TRUNKLEDGER_SIMULATION_SCENARIO`, or all of them.
    static let wanted: [Scenario] = {
        let all = [
            goodDay, badNetwork, rudeParties, sickDisk, kills, reboots, siege, everything,
        ]
        let name = ProcessInfo.processInfo.environment["TRUNKLEDGER_SIMULATION_SCENARIO"]
        return all.filter { $0.name.hasPrefix(name ?? "") }
    }()

    static let goodDay = Scenario(name: "a good day")

    static let badNetwork = Scenario(
        name: "a bad network",
        weather: Weather(
            network: NetworkWeather(
                lossPercent: 8, duplicatePercent: 5, delayMilliseconds: 0...400,
                stormPercent: 2, partitionChance: 5, truncatedPercent: 2)))

    static let rudeParties = Scenario(
        name: "rude parties", conduct: .rude,
        weather: Weather(network: NetworkWeather(lossPercent: 2, stormPercent: 1)))

    static let sickDisk = Scenario(
        name: "a sick disk",
        weather: Weather(
            disk: DiskWeather(slowChance: 60, fullChance: 40, failingChance: 40, unknownChance: 4)))

    static let kills = Scenario(name: "kill -9", weather: Weather(killChance: 40))

    static let reboots = Scenario(
        name: "reboots and a wandering wall clock",
        weather: Weather(
            killChance: 20, downtimeMilliseconds: 500...30_000, rebootPercent: 60,
            clockStepChance: 20))

    static let siege = Scenario(
        name: "a siege",
        weather: Weather(network: NetworkWeather(lossPercent: 2, stormPercent: 1), killChance: 3),
        isBesieged: true)

    static let everything = Scenario(
        name: "everything at once", conduct: .rude,
        weather: Weather(
            network: NetworkWeather(
                lossPercent: 5, duplicatePercent: 3, delayMilliseconds: 0...150,
                stormPercent: 1, partitionChance: 3, truncatedPercent: 1),
            disk: DiskWeather(slowChance: 40, fullChance: 20, failingChance: 20, unknownChance: 2),
            killChance: 25, downtimeMilliseconds: 1...12_000, rebootPercent: 20))
}
