// The other end of fetching by hash.
import { DATA_WHOLE_BYTES, DataAnswers, PIECE_BYTES, type PieceAnswer } from '@piecework/network'
import { equalBytes } from '@piecework/protocol'
import { describe, expect, it } from 'vitest'
import { LONG, sha256 } from './support/long.ts'

const HASH = sha256(LONG)

describe('who answers', () => {
  it('says how long something is that does not fit, and gives any piece of it', async () => {
    let reads = 0
    const answers = new DataAnswers(async (_, hash) => {
      reads++
      return equalBytes(hash, HASH) ? LONG : undefined
    })
    const other = sha256(HASH)
    const { found } = await answers.data({ sort: 'content', hashes: [other, HASH] })
    expect(found).toEqual([undefined, { longBytes: LONG.length }])
    const piece = (hash: Uint8Array, at: number): Promise<PieceAnswer> =>
      answers.piece({ sort: 'content', hash, at, bytes: PIECE_BYTES })
    expect((await piece(HASH, 8 * PIECE_BYTES)).bytes).toEqual(LONG.subarray(-100))
    expect(await piece(HASH, 9 * PIECE_BYTES)).toEqual({ wholeBytes: LONG.length, bytes: new Uint8Array(0) })
    expect(await piece(other, 0)).toEqual({ wholeBytes: undefined, bytes: new Uint8Array(0) })
    // What was found once is not read for each piece; nothing that was not found is remembered.
    expect(reads).toBe(3)
  })

  it('gives at most as many bytes as one answer holds', async () => {
    const items = Array.from({ length: 9 }, (_, i) => new Uint8Array(DATA_WHOLE_BYTES).fill(i))
    const answers = new DataAnswers(async (_, hash) => items[hash[0] ?? 0])
    const hashes = items.map((_, i) => new Uint8Array(32).fill(i))
    const { found } = await answers.data({ sort: 'page', hashes })
    expect(found.map((one) => (one instanceof Uint8Array ? one[0] : undefined))).toEqual([0, 1, 2, 3])
  })

  it('reads no more than one answer holds, also of what is long, and what it read before not again', async () => {
    let reads = 0
    const answers = new DataAnswers(async () => {
      reads++
      return LONG
    })
    const hashes = Array.from({ length: 9 }, (_, i) => new Uint8Array(32).fill(i))
    const { found } = await answers.data({ sort: 'content', hashes })
    expect([found.length, reads]).toEqual([2, 2])
    await answers.data({ sort: 'content', hashes: hashes.slice(0, 2) })
    expect(reads).toBe(2)
  })

  it('reads four at once, each for all who ask for it meanwhile, and holds nothing but the piece', async () => {
    let [now, most, reads] = [0, 0, 0]
    const answers = new DataAnswers(async () => {
      reads++
      most = Math.max(most, ++now)
      await new Promise<void>((resolve) => setImmediate(resolve))
      now--
      return LONG
    })
    const asked = Array.from({ length: 30 }, (_, i) => new Uint8Array(32).fill(i % 10))
    const pieces = await Promise.all(
      asked.map((hash, i) => answers.piece({ sort: 'content', hash, at: i, bytes: 5 })),
    )
    expect(pieces.map(({ bytes }) => bytes)).toEqual(asked.map((_, i) => LONG.slice(i, i + 5)))
    expect([most, reads]).toEqual([4, 10])
    expect(new Set(pieces.map(({ bytes }) => bytes.buffer.byteLength))).toEqual(new Set([5]))
  })

  it('goes on reading after a read that failed', async () => {
    let isGone = true
    const answers = new DataAnswers(async () => {
      if (isGone) throw new Error('its disk is gone')
      return LONG
    })
    const ask = (): Promise<PieceAnswer> => answers.piece({ sort: 'content', hash: HASH, at: 0, bytes: 5 })
    for (let i = 0; i < 5; i++) await expect(ask()).rejects.toThrow('its disk is gone')
    isGone = false
    expect((await ask()).bytes).toEqual(LONG.slice(0, 5))
  })
})
