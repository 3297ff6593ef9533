// Starts the process of a task, hands it its request, and reads its answer. Nothing is kept between two tasks.
import { spawn } from 'node:child_process'
import { WorkError } from '../errors.ts'
import { GUEST_PROGRAM, type GuestAnswer, type GuestHeader } from './guest.ts'
import { HEAP_MB, STACK_KB } from './limits.ts'

/** The answer's header is short; what is longer comes from something else than our program. */
const HEADER_BYTES = 65_536
/** What the process may complain about before it is stopped. */
const COMPLAINT_BYTES = 4_096

export interface ProcessOptions {
  /** The Node to start. */
  readonly node: string
  /** A command that starts another with less (`unshare --net ...`), or nothing. */
  readonly prefix: readonly string[]
  readonly wallMs: number
}

export interface Answered {
  readonly header: GuestAnswer
  readonly output: Uint8Array
}

/** No file, process, thread or add-on is allowed, because none is named. */
const NODE_FLAGS = [
  '--permission',
  '--input-type=commonjs',
  // One thread compiles: more of them start later than they help, and tasks run side by side anyway.
  '--wasm-num-compilation-tasks=1',
  `--stack-size=${STACK_KB}`,
  `--max-old-space-size=${HEAP_MB}`,
  '--eval',
  GUEST_PROGRAM,
]

export async function askProcess(
  header: GuestHeader,
  parts: readonly Uint8Array[],
  options: ProcessOptions,
): Promise<Answered> {
  const text = Buffer.from(JSON.stringify(header))
  const length = Buffer.alloc(4)
  length.writeUInt32LE(text.length)
  const most = 4 + HEADER_BYTES + header.outputBytes
  const { stdout, complaint, ending } = await exchange([length, text, ...parts], most, options)
  const answer = readAnswer(stdout)
  if (answer !== undefined) return answer
  throw new WorkError(
    'sandbox/no-result',
    `The process of a task ended without an answer (${ending}). Ended by a signal, it ran into the time limit of ` +
      `${options.wallMs} ms or this machine had too little memory. ${complaint}`,
    { ending, wallMs: options.wallMs },
  )
}

interface Exchanged {
  readonly stdout: Buffer
  readonly complaint: string
  readonly ending: string
}

function exchange(request: readonly Uint8Array[], most: number, options: ProcessOptions): Promise<Exchanged> {
  const [command = options.node, ...args] = [...options.prefix, options.node, ...NODE_FLAGS]
  const child = spawn(command, args, {
    cwd: '/',
    env: {},
    stdio: ['pipe', 'pipe', 'pipe'],
    timeout: options.wallMs,
    killSignal: 'SIGKILL',
  })
  const out: Buffer[] = []
  let received = 0
  let complaint = ''
  child.stdout.on('data', (bytes: Buffer) => {
    received += bytes.length
    if (received > most) child.kill('SIGKILL')
    else out.push(bytes)
  })
  child.stderr.on('data', (bytes: Buffer) => {
    if (complaint.length < COMPLAINT_BYTES) complaint += bytes.toString('utf8', 0, COMPLAINT_BYTES)
  })
  // It may end before it has read everything; how it ended says why.
  child.stdin.on('error', () => {})
  child.stdin.end(Buffer.concat(request))
  return new Promise((resolve, reject) => {
    child.on('error', (error) => {
      reject(
        new WorkError('sandbox/no-result', `The process of a task does not start: ${error.message}.`, {
          command,
        }),
      )
    })
    child.on('close', (code, signal) => {
      resolve({ stdout: Buffer.concat(out), complaint, ending: signal ?? `code ${code}` })
    })
  })
}

/** Undefined when it is not whole: the process was stopped. */
function readAnswer(bytes: Buffer): Answered | undefined {
  if (bytes.length < 4) return undefined
  const end = 4 + bytes.readUInt32LE()
  if (end > bytes.length) return undefined
  // Written by our own program in the process; a module cannot write here.
  const header = JSON.parse(bytes.toString('utf8', 4, end)) as GuestAnswer
  const output = bytes.subarray(end)
  return output.length === header.outputBytes ? { header, output: new Uint8Array(output) } : undefined
}
