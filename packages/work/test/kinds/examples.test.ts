// The example job of docs/examples/primes: its program is what its source gives, and says what is true.
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import asc from 'assemblyscript/asc'
import { expect, it } from 'vitest'
import { kind } from '../../src/kinds/compute/kind.ts'
import { contentOf } from '../support/align.ts'
import { testSandbox } from '../support/sandbox.ts'

const folder = join(import.meta.dirname, '..', '..', '..', '..', 'docs', 'examples', 'primes')
const module = new Uint8Array(readFileSync(join(folder, 'primes.wasm')))

it('primes.wasm is built from its source to the same bytes', async () => {
  const built: Uint8Array[] = []
  const { error } = await asc.main(
    ['primes.ts', '--outFile', 'primes.wasm', '--runtime', 'stub', '-O3', '--noAssert'],
    {
      readFile: (name) => {
        const path = join(folder, name)
        return existsSync(path) ? readFileSync(path, 'utf8') : null
      },
      writeFile: (_, contents) => void built.push(Buffer.from(contents)),
      listFiles: () => [],
    },
  )
  expect(error).toBeNull()
  expect(built.map((bytes) => Buffer.from(bytes).equals(module))).toEqual([true])
})

it('counts primes', async () => {
  const hash = createHash('sha256').update(module).digest('hex')
  const job = kind.open({ module: hash, pieces: { each: 'index' }, fuel: 8_000_000, outputBytes: 64 })
  const context = { sandbox: testSandbox(), content: contentOf([module]) }
  const answer = async (index: number) =>
    job.result((await job.perform?.(index, context)) ?? new Uint8Array())
  expect(await answer(0)).toMatchObject({ ending: 'done', text: '1229 36\n' })
  expect(await answer(19)).toMatchObject({ ending: 'done', text: `${primesIn(190_000, 200_000)}\n` })
})

/** By trying every divisor. */
function primesIn(from: number, to: number): string {
  const found: number[] = []
  for (let n = from; n < to; n++) {
    let d = 2
    while (d * d <= n && n % d !== 0) d++
    if (d * d > n) found.push(n)
  }
  const gaps = found.slice(1).map((n, i) => n - (found[i] ?? 0))
  return `${found.length} ${Math.max(...gaps)}`
}
