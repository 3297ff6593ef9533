// A kind of work for tests: the output is the number of the task, and anyone can say so again.
import {
  defineKind,
  type Kind,
  Kinds,
  NO_PERMISSIONS,
  type Permissions,
  type Sandbox,
  writeJobSpec,
} from '@piecework/work'
import { z } from 'zod'

interface EchoSpec {
  readonly words: string
  readonly hosts: readonly string[]
}

const spec: z.ZodType<EchoSpec> = z.strictObject({
  words: z.string(),
  hosts: z.array(z.string()).default([]),
})

const permissions = ({ hosts }: EchoSpec): Permissions => ({ ...NO_PERMISSIONS, hosts })

export const echo: Kind = defineKind<EchoSpec, string>({
  name: 'echo',
  id: 1,
  version: 1,
  allocation: 'dealt',
  checking: 'exact',
  delivery: 'all',
  rate: 200_000,
  limits: { specBytes: 1_000, outputBytes: 1_000, memoryBytes: 0, wallMs: 1_000 },
  spec,
  describe: ({ words }) => `Say '${words}'.`,
  permissions,
  needs: () => [],
  task: ({ words }, index) => `${words} ${index}`,
  units: () => 1,
  result: (_, output) => new TextDecoder().decode(output),
  perform: async (task) => new TextEncoder().encode(task),
  check: async (task, output) => {
    const passed = new TextDecoder().decode(output) === task
    return { passed, trace: new Uint8Array(32), why: passed ? '' : 'it says something else' }
  },
})

export const echoKinds: Kinds = new Kinds([echo])

export function echoSpec(work: Partial<EchoSpec> = {}): Uint8Array {
  return writeJobSpec({ kind: 'echo', title: 'Echoes', work: { words: 'hello', ...work } })
}

/** Nothing is run in it. */
export const noSandbox: Sandbox = {
  run: () => Promise.reject(new Error('this kind needs no sandbox')),
}
