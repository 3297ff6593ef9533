// Simhash (Charikar 2002): 64 bits that differ in few places for texts that differ in few words. Integers alone, and no
// table of Unicode: words are what stands between white space of ASCII.

/** Words in a row that are hashed together: their order counts a little. */
const SHINGLE = 3
const BITS = 64

/** Runs of white space as one blank, none at the ends: what two machines that saw the same page agree on. */
export function normaliseText(text: string): string {
  return text.replace(/[ \t\n\r\f\v]+/g, ' ').replace(/^ | $/g, '')
}

/** 16 hexadecimal digits. */
export function simhash(text: string): string {
  const words = normaliseText(text).split(' ')
  const counts = new Int32Array(BITS)
  const last = Math.max(0, words.length - SHINGLE)
  for (let from = 0; from <= last; from++) {
    const [low, high] = hashOf(words.slice(from, from + SHINGLE).join(' '))
    for (let bit = 0; bit < 32; bit++) {
      counts[bit] = (counts[bit] ?? 0) + (((low >>> bit) & 1) === 1 ? 1 : -1)
      counts[bit + 32] = (counts[bit + 32] ?? 0) + (((high >>> bit) & 1) === 1 ? 1 : -1)
    }
  }
  let hash = 0n
  for (const [bit, count] of counts.entries()) if (count > 0) hash |= 1n << BigInt(bit)
  return hash.toString(16).padStart(BITS / 4, '0')
}

/** In how many bits two of them differ. */
export function simhashDistance(a: string, b: string): number {
  let rest = BigInt(`0x${a}`) ^ BigInt(`0x${b}`)
  let distance = 0
  for (; rest > 0n; rest &= rest - 1n) distance++
  return distance
}

/** FNV-1a over UTF-16 code units, with two bases, each stirred at the end so that all bits depend on all units. */
function hashOf(text: string): [low: number, high: number] {
  let low = 0x811c9dc5
  let high = 0x9747b28c
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    low = Math.imul(low ^ unit, 0x01000193)
    high = Math.imul(high ^ unit, 0x01000193)
  }
  return [stir(low), stir(high ^ (low >>> 16))]
}

function stir(value: number): number {
  let stirred = Math.imul(value ^ (value >>> 16), 0x85ebca6b)
  stirred = Math.imul(stirred ^ (stirred >>> 13), 0xc2b2ae35)
  return (stirred ^ (stirred >>> 16)) >>> 0
}
