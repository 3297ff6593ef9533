import { idl } from './idl.ts'
import { instructionsFile } from './instructions.ts'
import { errorsFile, eventsFile } from './messages.ts'
import { stateFile } from './state.ts'

/** The Rust files that follow from idl.json, by their path in src/generated. */
export const generatedFiles: Readonly<Record<string, string>> = {
  'errors.rs': errorsFile(idl),
  'events.rs': eventsFile(idl),
  'instructions.rs': instructionsFile(idl),
  'state.rs': stateFile(idl),
}
