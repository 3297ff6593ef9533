// How much two answers agree, between nothing and one: sets, texts, boxes. And of several answers, the one with which
// the others agree most.

export function setAgreement(a: ReadonlySet<unknown>, b: ReadonlySet<unknown>): number {
  if (a.size === 0 && b.size === 0) return 1
  const shared = [...a].filter((one) => b.has(one)).length
  return shared / (a.size + b.size - shared)
}

/** One less the edits (Levenshtein 1966) that lead from one to the other, by the longer one's length. */
export function textAgreement(a: string, b: string): number {
  const longer = Math.max(a.length, b.length)
  return longer === 0 ? 1 : 1 - edits(a, b) / longer
}

function edits(a: string, b: string): number {
  if (a === b) return 0
  let above = Uint32Array.from({ length: b.length + 1 }, (_, i) => i)
  let row = new Uint32Array(b.length + 1)
  for (let i = 1; i <= a.length; i++) {
    row[0] = i
    for (let j = 1; j <= b.length; j++) {
      const changed = (above[j - 1] ?? 0) + (a.charCodeAt(i - 1) === b.charCodeAt(j - 1) ? 0 : 1)
      row[j] = Math.min(changed, (above[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1)
    }
    ;[above, row] = [row, above]
  }
  return above[b.length] ?? 0
}

export interface Box {
  readonly label: string
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** Each box with the one that covers it best and has its label, best pairs first; by the number of the longer list. */
export function boxAgreement(a: readonly Box[], b: readonly Box[]): number {
  const longer = Math.max(a.length, b.length)
  if (longer === 0) return 1
  const pairs = a
    .flatMap((one, i) => b.map((other, j) => ({ i, j, covered: coverage(one, other) })))
    .filter(({ covered }) => covered > 0)
    .sort((one, other) => other.covered - one.covered || one.i - other.i || one.j - other.j)
  const [left, right] = [new Set<number>(), new Set<number>()]
  let sum = 0
  for (const { i, j, covered } of pairs) {
    if (left.has(i) || right.has(j)) continue
    left.add(i)
    right.add(j)
    sum += covered
  }
  return sum / longer
}

/** What both cover by what either covers. */
function coverage(a: Box, b: Box): number {
  if (a.label !== b.label) return 0
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x)
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y)
  if (width <= 0 || height <= 0) return 0
  const shared = width * height
  return shared / (a.width * a.height + b.width * b.height - shared)
}

export interface Weighed<Answer> {
  readonly answer: Answer
  readonly weight: number
}

/** Which of the answers agrees most with all, by weight; the first of several. Undefined of none. */
export function mostAgreed<Answer>(
  given: readonly Weighed<Answer>[],
  agreement: (a: Answer, b: Answer) => number,
): { readonly answer: Answer; readonly agreement: number } | undefined {
  const total = given.reduce((sum, { weight }) => sum + weight, 0)
  let best: { answer: Answer; agreement: number } | undefined
  for (const { answer } of given) {
    let sum = 0
    for (const other of given) sum += other.weight * agreement(answer, other.answer)
    if (best === undefined || sum / total > best.agreement) best = { answer, agreement: sum / total }
  }
  return best
}

/** Half of the weight lies on either side of it; the lower of two. */
export function weighedMedian(given: readonly Weighed<number>[]): number | undefined {
  const sorted = given.toSorted((a, b) => a.answer - b.answer)
  const total = sorted.reduce((sum, { weight }) => sum + weight, 0)
  let below = 0
  for (const { answer, weight } of sorted) {
    below += weight
    if (2 * below >= total) return answer
  }
  return undefined
}
