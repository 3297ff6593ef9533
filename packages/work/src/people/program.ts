// A contributor's own program that answers, in any language: it reads one line of JSON for each question from its input,
// and writes one for each answer to its output.
//   to it    {"id": 1, "question": {...}}           and after an answer that is none   {"id": 1, "error": "..."}
//   from it  {"id": 1, "answer": {...}}             or, to leave the task undone      {"id": 1, "skip": "why"}
import { type ChildProcess, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { z } from 'zod'
import { WorkError } from '../errors.ts'
import type { Answers, Asked } from './answers.ts'
import { AnswerDesk } from './desk.ts'

/** A program that errs more often about one question will not get it right. */
const TRIES = 3
/** A line is an output in base64, and little more. */
const LINE_CHARS = 2_000_000
const LINE_FEED = 10

export interface ProgramOptions {
  readonly command: string
  readonly args: readonly string[]
  /** What it complains about, line by line. */
  readonly complain: (line: string) => void
}

export interface AnsweringProgram extends Answers {
  stop(): Promise<void>
}

const reply = z.union([
  z.strictObject({ id: z.int(), answer: z.unknown() }),
  z.strictObject({ id: z.int(), skip: z.string() }),
])

export function startProgram({ command, args, complain }: ProgramOptions): AnsweringProgram {
  const desk = new AnswerDesk()
  const tries = new Map<number, number>()
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'pipe'] })
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message))
    child.on('close', (code, signal) => resolve(signal ?? `code ${code}`))
  })
  void ended.then((how) => skipAll(desk, `the program '${command}' ended (${how})`))
  child.stdin?.on('error', (error) => complain(error.message))
  if (child.stderr !== null) createInterface(child.stderr).on('line', complain)
  stopAtEndlessLine(child, complain)
  if (child.stdout !== null)
    createInterface(child.stdout).on('line', (line) => void take(line, { desk, tries, child, complain }))
  return {
    ask: async (asked: Asked) => {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined)
        throw new WorkError(
          'answers/none',
          `The program '${command}' does not run. Look into its complaints.`,
        )
      const output = desk.ask(asked)
      const id = desk.waiting().at(-1)?.id ?? 0
      say(child, { id, question: asked.question })
      return output.finally(() => tries.delete(id))
    },
    stop: async () => {
      child.kill()
      await ended
    },
  }
}

interface Taking {
  readonly desk: AnswerDesk
  readonly tries: Map<number, number>
  readonly child: ChildProcess
  readonly complain: (line: string) => void
}

async function take(line: string, { desk, tries, child, complain }: Taking): Promise<void> {
  const read = line.length > LINE_CHARS ? undefined : reply.safeParse(jsonOf(line)).data
  if (read === undefined) {
    complain(`This line is no answer: ${line.slice(0, 200)}`)
    return
  }
  // Nothing goes back: a program that answers every error would talk with us for ever.
  if (!isOpen(desk, read.id)) {
    complain(`No question ${read.id} waits for an answer.`)
    return
  }
  try {
    if ('skip' in read) desk.skip(read.id, read.skip)
    else await desk.give(read.id, read.answer)
  } catch (error) {
    // Several answers may be looked at at once; another one decided it meanwhile.
    if (!isOpen(desk, read.id)) return
    const why = error instanceof Error ? error.message : String(error)
    const tried = (tries.get(read.id) ?? 0) + 1
    tries.set(read.id, tried)
    complain(why)
    say(child, { id: read.id, error: why })
    if (tried < TRIES) return
    desk.skip(read.id, `its program gave ${TRIES} answers that are none, the last one: ${why}`)
  }
}

function isOpen(desk: AnswerDesk, wanted: number): boolean {
  return desk.waiting().some(({ id }) => id === wanted)
}

/** What it writes without an end of a line would be kept for ever. */
function stopAtEndlessLine(child: ChildProcess, complain: (line: string) => void): void {
  let pending = 0
  child.stdout?.on('data', (bytes: Buffer) => {
    const end = bytes.lastIndexOf(LINE_FEED)
    pending = end < 0 ? pending + bytes.length : bytes.length - end - 1
    if (pending <= LINE_CHARS) return
    complain(`It wrote more than ${LINE_CHARS} characters without an end of a line, and is stopped.`)
    child.kill('SIGKILL')
  })
}

function say(child: ChildProcess, message: object): void {
  child.stdin?.write(`${JSON.stringify(message)}\n`)
}

function skipAll(desk: AnswerDesk, why: string): void {
  for (const { id } of desk.waiting()) desk.skip(id, why)
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
