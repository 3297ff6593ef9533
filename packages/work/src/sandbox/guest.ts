// What runs inside the process of a task. The text of its functions is handed to a bare Node as a program, so that the
// process needs to read no file. So they import nothing, and use nothing but each other.

/** What the process is told, before the bytes of module and input. Fuel is a decimal string. */
export interface GuestHeader {
  readonly moduleBytes: number
  readonly inputBytes: number
  readonly outputBytes: number
  readonly fuel: string
  /** Chooses a fuel point at which to stop a second run, or undefined. A decimal string of 64 bits. */
  readonly draw?: string
  /** Try what the process can reach, instead of running anything. */
  readonly probe?: boolean
}

/** What it answers, before the output's bytes. */
export interface GuestAnswer {
  /** 'malformed': V8 refuses the module. 'broken': this machine could not run it. */
  readonly ending: 'done' | 'fuel' | 'trap' | 'depth' | 'output' | 'malformed' | 'broken'
  readonly why: string
  readonly fuelUsed: string
  /** SHA-256 of memory at the drawn fuel point, in hex. */
  readonly memory: string
  readonly outputBytes: number
  /** What the probe could do although it should not. */
  readonly reached: readonly string[]
}

type Ending = GuestAnswer['ending']

/** How one run ended, and what it left. */
interface Stopped {
  readonly ending: Ending
  readonly why: string
  /** Fuel left, below zero when it ran out. */
  readonly left: bigint
  readonly output: Uint8Array
  readonly memory: Uint8Array
}

/** What the module under way exports, once there is one. */
interface Instance {
  exports: Record<string, unknown>
  /** Set where input or output stop the run. */
  stopped: Ending | undefined
}

interface Limits {
  readonly fuel: bigint
  readonly outputBytes: number
}

function readBytes(length: number): Buffer {
  const { readSync } = process.getBuiltinModule('node:fs')
  const bytes = Buffer.alloc(length)
  for (let at = 0; at < length; ) {
    const got = readSync(0, bytes, at, length - at, null)
    if (got === 0) throw new Error('the request ends too early')
    at += got
  }
  return bytes
}

function sendAnswer(answer: Partial<GuestAnswer>, output: Uint8Array): void {
  const { writeSync } = process.getBuiltinModule('node:fs')
  const whole = { ending: 'done', why: '', fuelUsed: '0', memory: '', outputBytes: 0, reached: [], ...answer }
  const text = Buffer.from(JSON.stringify(whole))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  const bytes = Buffer.concat([length, text, output])
  for (let at = 0; at < bytes.length; ) at += writeSync(1, bytes, at)
}

/** Fuel or stack that is left. */
function meterOf({ exports }: Instance, name: 'fuel' | 'stack'): bigint {
  return (exports[name] as WebAssembly.Global | undefined)?.value ?? 0n
}

function memoryOf({ exports }: Instance): Uint8Array {
  const memory = exports['memory'] as WebAssembly.Memory | undefined
  return new Uint8Array(memory?.buffer ?? new ArrayBuffer(0))
}

/** A part of memory for input or output, paid for by its length. */
function takePart(instance: Instance, at: number, length: number): Uint8Array {
  /** Fuel of a call, and bytes for one more. */
  const [callCost, bytesAFuel] = [100, 8]
  const fuel = instance.exports['fuel'] as WebAssembly.Global
  const memory = memoryOf(instance)
  fuel.value -= BigInt(callCost + Math.ceil(length / bytesAFuel))
  if (at + length > memory.length) instance.stopped = 'trap'
  if (fuel.value < 0n) instance.stopped = 'fuel'
  if (instance.stopped !== undefined) throw new Error(instance.stopped)
  return memory.subarray(at, at + length)
}

/** The only two functions that a module can import. Their numbers arrive signed. */
function importsFor(instance: Instance, input: Uint8Array, output: { bytes: Uint8Array; used: number }) {
  return {
    /** Copies input[from, from + length) to memory, cut at its end; says how many bytes there are from there on. */
    input: (at: number, from: number, length: number): number => {
      const rest = input.subarray(from >>> 0)
      const part = rest.subarray(0, length >>> 0)
      takePart(instance, at >>> 0, part.length).set(part)
      return rest.length
    },
    /** Appends a part of memory to the output. */
    output: (at: number, length: number): void => {
      const part = takePart(instance, at >>> 0, length >>> 0)
      if (part.length > output.bytes.length - output.used) {
        instance.stopped = 'output'
        throw new Error('output')
      }
      output.bytes.set(part, output.used)
      output.used += part.length
    },
  }
}

/** What went wrong, as far as it is the same everywhere: fuel and depth before what the module did by itself. */
function endingOf(instance: Instance, error: unknown): Ending {
  if (instance.stopped !== undefined) return instance.stopped
  if (!(error instanceof WebAssembly.RuntimeError)) return 'broken'
  if (instance.exports['fuel'] === undefined) return 'trap'
  if (meterOf(instance, 'stack') < 0n) return 'depth'
  return meterOf(instance, 'fuel') < 0n ? 'fuel' : 'trap'
}

function runModule(module: WebAssembly.Module, input: Uint8Array, { fuel, outputBytes }: Limits): Stopped {
  const instance: Instance = { exports: {}, stopped: undefined }
  const output = { bytes: new Uint8Array(outputBytes), used: 0 }
  const piecework = importsFor(instance, input, output)
  let ending: Ending = 'done'
  let why = ''
  try {
    instance.exports = { ...new WebAssembly.Instance(module, { piecework }).exports }
    const { start, run, fuel: meter } = instance.exports
    ;(meter as WebAssembly.Global).value = fuel
    if (start !== undefined) (start as () => void)()
    ;(run as () => void)()
    if (meterOf(instance, 'fuel') < 0n) ending = 'fuel'
  } catch (error) {
    why = error instanceof Error ? error.message : String(error)
    ending = endingOf(instance, error)
  }
  const pages = (instance.exports['pages'] as WebAssembly.Global | undefined)?.value ?? 0
  return {
    ending,
    why,
    left: instance.exports['fuel'] === undefined ? fuel : meterOf(instance, 'fuel'),
    output: output.bytes.subarray(0, ending === 'done' ? output.used : 0),
    memory: memoryOf(instance).subarray(0, pages * 65_536),
  }
}

function performTask({ moduleBytes, inputBytes, outputBytes, fuel: given, draw }: GuestHeader): void {
  const [bytes, input] = [new Uint8Array(readBytes(moduleBytes)), readBytes(inputBytes)]
  let module: WebAssembly.Module
  try {
    module = new WebAssembly.Module(bytes)
  } catch (error) {
    const ending = error instanceof WebAssembly.CompileError ? 'malformed' : 'broken'
    sendAnswer({ ending, why: error instanceof Error ? error.message : '' }, new Uint8Array())
    return
  }
  const fuel = BigInt(given)
  const { ending, why, left, output } = runModule(module, input, { fuel, outputBytes })
  const used = left < 0n ? fuel : fuel - left
  const answer = { ending, why, fuelUsed: String(used), outputBytes: output.length }
  if (draw === undefined || ending === 'broken') {
    sendAnswer(answer, output)
    return
  }
  const point = BigInt(draw) % (used + 1n)
  const second = runModule(module, input, { fuel: point, outputBytes })
  const broken = second.ending === 'broken' ? { ending: second.ending, why: second.why } : {}
  const { createHash } = process.getBuiltinModule('node:crypto')
  const memory = createHash('sha256').update(second.memory).digest('hex')
  sendAnswer({ ...answer, ...broken, memory }, output)
}

function probeProcess(): void {
  const { readdirSync, writeFileSync } = process.getBuiltinModule('node:fs')
  const { spawnSync } = process.getBuiltinModule('node:child_process')
  const { Worker } = process.getBuiltinModule('node:worker_threads')
  const { networkInterfaces } = process.getBuiltinModule('node:os')
  const tries: Record<string, () => boolean> = {
    'read files': () => readdirSync('/').length > 0,
    'write files': () => writeFileSync('/dev/null', '') === undefined,
    'start processes': () => spawnSync('true').error === undefined,
    'start threads': () => new Worker('', { eval: true }) !== undefined,
    'see the environment': () => Object.keys(process.env).length > 0,
    'see the network': () => Object.keys(networkInterfaces()).length > 0,
  }
  const reached = Object.entries(tries).flatMap(([what, can]) => {
    try {
      return can() ? [what] : []
    } catch {
      return []
    }
  })
  sendAnswer({ reached }, new Uint8Array())
}

function beGuest(): void {
  const header: GuestHeader = JSON.parse(readBytes(readBytes(4).readUInt32LE()).toString())
  if (header.probe) probeProcess()
  else performTask(header)
}

/** The program: they know each other by name, so nothing that builds this may rename them. */
export const GUEST_PROGRAM: string = [
  ...[readBytes, sendAnswer, meterOf, memoryOf, takePart, importsFor, endingOf],
  ...[runModule, performTask, probeProcess, beGuest],
  'beGuest()',
].join('\n')
