import ArgumentParser
import Foundation
import Projections

/// By which template an invoice is read.
struct TemplateChoice: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "How to read the invoice: \(ShippedTemplates.names.joined(separator: ", ")), or a "
                + "file (default: guessed from the invoice).", valueName: "name|file"))
    var template: String?

    func template(for invoice: InputFile) throws -> InvoiceTemplate {
        guard let template else { return try TemplateGuess.template(for: invoice) }
        if let shipped = try ShippedTemplates.template(template) { return shipped }
        guard FileManager.default.fileExists(atPath: template) else {
            throw CommandFailure.usage(
                "'\(template)' is neither a template's file nor one of "
                    + ShippedTemplates.names.joined(separator: ", "))
        }
        let bytes = try InputFile(path: template).bytes()
        return try InvoiceTemplate(bytes, file: template)
    }
}
