// A text whose line i belongs to task i.
import { WorkError } from '../errors.ts'

const LINE_FEED = 10

/** Without its end. A line feed at the end of the text begins no line. */
export function lineOf(text: Uint8Array, index: number): Uint8Array {
  let start = 0
  for (let line = 0; start < text.length; line++) {
    const feed = text.indexOf(LINE_FEED, start)
    const end = feed < 0 ? text.length : feed
    if (line === index) return text.subarray(start, end)
    start = end + 1
  }
  throw new WorkError('task/none', `There is no task ${index}: the job's text has fewer lines.`, { index })
}
