// Modules as text, so that one sees what is measured or attacked. All features: what is refused has to be written too.
import loadWabt from 'wabt'

const wabt = await loadWabt()

const FEATURES = {
  bulk_memory: true,
  simd: true,
  threads: true,
  exceptions: true,
  tail_call: true,
  multi_memory: true,
  memory64: true,
  relaxed_simd: true,
  function_references: true,
}

export function wat(text: string): Uint8Array<ArrayBuffer> {
  const module = wabt.parseWat('module.wat', text, FEATURES)
  try {
    return new Uint8Array(module.toBinary({}).buffer)
  } finally {
    module.destroy()
  }
}
