// Nodes that are run by another command: what a network of real processes is started with, where its machines differ.
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const RUNNABLE = 0o755

/** By the names of processes, the words that stand before Node. Whoever has none gets Node itself. */
export async function nodesBehind(
  words: ReadonlyMap<string, readonly string[]>,
): Promise<(name: string) => string> {
  const folder = await mkdtemp(join(tmpdir(), 'nodes-'))
  const files = new Map([...words.keys()].map((name) => [name, join(folder, name)]))
  for (const [name, before] of words) {
    const line = `exec ${[...before, process.execPath].map(quoted).join(' ')} "$@"`
    await writeFile(files.get(name) ?? folder, `#!/bin/sh\n${line}\n`, { mode: RUNNABLE })
  }
  return (name) => files.get(name) ?? process.execPath
}

/** For a shell: in single quotes. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`
}
