// How many primes are there among 10,000 numbers, and how far apart are two neighbours at most? The program of an example
// job of the kind `compute`, in AssemblyScript.
//
// Input: u32 0 (nothing is shared), u32 i: the numbers from 10,000 i to 10,000 i + 9,999. Output: a line of text, such as
//   1229 36
// the number of primes, and the widest gap between two of them.
import { input, output } from './piecework'

const NUMBERS: u32 = 10_000

/** Memory: the input, then the line to put out. */
const INDEX: u32 = 4
const LINE_END: u32 = 64

function isPrime(n: u32): bool {
  if (n < 4) return n > 1
  if (n % 2 === 0 || n % 3 === 0) return false
  for (let d: u32 = 5; <u64>d * d <= n; d += 6) if (n % d === 0 || n % (d + 2) === 0) return false
  return true
}

/** Writes a number before `end`, and says where it begins. */
function writeNumber(end: u32, value: u32): u32 {
  let at = end
  let rest = value
  do {
    at -= 1
    store<u8>(at, <u8>(0x30 + (rest % 10)))
    rest /= 10
  } while (rest > 0)
  return at
}

export function run(): void {
  input(0, 0, 8)
  const first = load<u32>(INDEX) * NUMBERS
  let count: u32 = 0
  let before: u32 = 0
  let widest: u32 = 0
  for (let n = first; n < first + NUMBERS; n++) {
    if (!isPrime(n)) continue
    if (count > 0) widest = max(widest, n - before)
    before = n
    count += 1
  }
  let at = LINE_END - 1
  store<u8>(at, 0x0a)
  at = writeNumber(at, widest) - 1
  store<u8>(at, 0x20)
  at = writeNumber(at, count)
  output(at, LINE_END - at)
}
