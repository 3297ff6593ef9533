// Rewrites one function so that it pays for what it does, bounds its calls and makes NaNs alike.
//
// Fuel is charged at the beginning of each stretch of code that runs through (a segment), and looked at where code can
// go on without end: at the entry of functions, in loops and before bulk memory. So it may run out late, by less than
// one function's length, but always at the same place. A short branch is charged for with what stands before it, taken
// or not: that is cheaper than to count it.
import { FRAME_VALUES, FUNCTION_LOCALS, FUNCTION_OPERANDS, NESTING } from '../limits.ts'
import { AddedCode, type Meters } from './added-code.ts'
import { countLocals, readLocals, skipImmediate, writeLocals } from './immediates.ts'
import { type FunctionType, type Module, refused } from './module.ts'
import { BULK, instructionOf, isValueType, NO_RESULT, OP } from './opcodes.ts'
import { malformed, type Reader } from './reader.ts'
import type { Block, Segment } from './segments.ts'
import { sized } from './writer.ts'

/** Beside the cost of what it does: a call. */
const CALL_COST = 4
/** A branch of an if that costs at most this is short. */
const SHORT_COST = 8

export class BodyRewriter {
  readonly #module: Module
  readonly #added: AddedCode
  readonly #code: Reader
  readonly #type: FunctionType
  readonly #out: Uint8Array[] = []
  readonly #blocks: Block[] = []
  /** Places in #out that wait for the size of the frame, with the operation to do with it. */
  readonly #frames: [place: number, opcode: number][] = []
  #locals = 0
  #copied = 0
  #height = 0
  #highest = 0
  #branches = 0
  readonly #segments: Segment[] = []
  #segment: Segment

  constructor(
    code: Reader,
    type: FunctionType,
    context: { readonly module: Module; readonly meters: Meters },
  ) {
    this.#code = code
    this.#type = type
    this.#module = context.module
    this.#added = new AddedCode(context.meters)
    this.#copied = code.at
    this.#segment = this.#newSegment('both')
  }

  /** Its locals and code, with the length before them. */
  rewrite(): Uint8Array[] {
    const declared = readLocals(this.#code)
    this.#locals = this.#type.params + countLocals(declared)
    if (this.#locals > FUNCTION_LOCALS) throw refused(`a function has more than ${FUNCTION_LOCALS} locals`)
    this.#added.firstLocal = this.#locals
    this.#copied = this.#code.at
    this.#segment.cost = CALL_COST + this.#locals
    this.#push({ opcode: 0, type: { params: 0, results: this.#type.results }, around: this.#segment })
    while (this.#blocks.length > 0) this.#instruction()
    this.#code.finish('a function')
    this.#flush(this.#code.at)
    for (const segment of this.#segments) this.#out[segment.place] = this.#added.charge(segment)
    if (this.#highest > FUNCTION_OPERANDS)
      throw refused(`a function has more than ${FUNCTION_OPERANDS} operands at once`)
    const values = this.#locals + this.#highest + FRAME_VALUES
    for (const [place, opcode] of this.#frames) {
      this.#out[place] = this.#added.frame(opcode, values)
    }
    return sized(Buffer.concat([writeLocals([...declared, ...this.#added.locals]), ...this.#out]))
  }

  #instruction(): void {
    const start = this.#code.at
    const opcode = this.#code.byte()
    const plain = instructionOf(opcode)
    if (plain === undefined) {
      this.#special(opcode, start)
      return
    }
    this.#segment.cost += plain.cost
    skipImmediate(this.#code, plain.immediate)
    this.#move(plain.pops, plain.pushes)
    if (plain.nan === undefined) return
    this.#flush(this.#code.at)
    this.#out.push(this.#added.canonicalise(plain.nan))
  }

  #special(opcode: number, start: number): void {
    if (opcode <= OP.callIndirect) this.#control(opcode, start)
    else if (opcode >= OP.localGet && opcode <= OP.globalSet) this.#variable(opcode)
    else if (opcode === OP.selectTyped) this.#typedSelect()
    else if (opcode === OP.memorySize || opcode === OP.memoryGrow) this.#pages(opcode, start)
    else if (opcode === OP.prefixed) this.#prefixed(start)
    else throw this.#unknown(opcode, start)
  }

  #unknown(opcode: number, start: number): Error {
    return refused(`it has an instruction that is not allowed (0x${opcode.toString(16)})`, { at: start })
  }

  #control(opcode: number, start: number): void {
    if (opcode === OP.block || opcode === OP.loop || opcode === OP.if) this.#open(opcode)
    else if (opcode === OP.else) this.#else(start)
    else if (opcode === OP.end) this.#end(start)
    else if (opcode === OP.brIf) {
      const returns = this.#returns()
      this.#segment.cost += 1
      this.#branches += 1
      this.#move(1, 0)
      this.#saveBefore(start, returns)
    } else if (opcode === OP.call || opcode === OP.callIndirect) this.#call(opcode, start)
    else if (opcode === OP.unreachable || opcode === OP.return) this.#leave(start, true)
    else if (opcode === OP.br) this.#leave(start, this.#returns())
    else if (opcode === OP.brTable) {
      const labels = Array.from({ length: this.#code.count() + 1 }, () => this.#returns())
      this.#leave(start, labels.includes(true))
    } else throw this.#unknown(opcode, start)
  }

  #open(opcode: number): void {
    const type = this.#blockType()
    const around = this.#segment
    if (opcode === OP.if) {
      this.#move(1, 0)
      around.cost += 1
    }
    if (opcode !== OP.block) this.#segment = this.#newSegment(opcode === OP.loop ? 'fuel' : 'none')
    this.#push({ opcode, type, around })
  }

  #push({ opcode, type, around }: Pick<Block, 'opcode' | 'type' | 'around'>): void {
    if (this.#blocks.length >= NESTING) throw refused(`it nests more than ${NESTING} blocks`)
    const base = Math.max(0, this.#height - type.params)
    this.#blocks.push({ opcode, type, around, base, own: this.#segment, branches: this.#branches })
  }

  #blockType(): FunctionType {
    const type = this.#code.blockType()
    if (type >= 0) return this.#typeAt(type)
    if (-type === NO_RESULT) return { params: 0, results: 0 }
    if (!isValueType(-type)) throw refused('a block has a result that is no plain number')
    return { params: 0, results: 1 }
  }

  #typeAt(index: number): FunctionType {
    const type = this.#module.types[index]
    if (type === undefined) throw malformed(`it has no type ${index}`, this.#code.at)
    return type
  }

  #else(start: number): void {
    const block = this.#blocks.pop()
    if (block?.opcode !== OP.if) throw malformed('an else has no if', start)
    this.#payAhead(block)
    this.#height = block.base + block.type.params
    this.#segment = this.#newSegment('none')
    this.#blocks.push({ ...block, opcode: OP.else, own: this.#segment })
  }

  #end(start: number): void {
    const block = this.#blocks.pop()
    if (block === undefined) throw malformed('an end has no block', start)
    this.#saveBefore(start, this.#blocks.length === 0)
    this.#payAhead(block)
    this.#height = block.base
    this.#move(0, block.type.results)
    // Nothing inside leads past its end: what follows runs whenever what stands before it does.
    const through = this.#branches === block.branches
    this.#segment = through ? block.around : this.#newSegment('none')
  }

  #payAhead({ opcode, own, around }: Block): void {
    if ((opcode !== OP.if && opcode !== OP.else) || own.cost > SHORT_COST) return
    around.cost += own.cost
    own.cost = 0
  }

  /** Reads a label: does it lead out of the function? */
  #returns(): boolean {
    return this.#code.u32() === this.#blocks.length - 1
  }

  #saveBefore(start: number, needed: boolean): void {
    if (!needed) return
    this.#flush(start)
    this.#out.push(this.#added.save())
  }

  /** What follows is reached by no way, until the end of the block or its else. */
  #leave(start: number, saved: boolean): void {
    this.#saveBefore(start, saved)
    this.#segment.cost += 1
    this.#branches += 1
    this.#height = this.#blocks.at(-1)?.base ?? 0
  }

  #call(opcode: number, start: number): void {
    const indirect = opcode === OP.callIndirect
    const index = this.#code.u32()
    if (indirect) this.#table()
    const typeIndex = indirect ? index : this.#module.functions[index]
    if (typeIndex === undefined) throw malformed(`it has no function ${index}`, start)
    const { params, results } = this.#typeAt(typeIndex)
    this.#segment.cost += CALL_COST
    this.#saveBefore(start, true)
    this.#frames.push([this.#out.push(new Uint8Array()) - 1, OP.i64Sub])
    this.#flush(this.#code.at)
    this.#frames.push([this.#out.push(this.#added.load(), new Uint8Array()) - 1, OP.i64Add])
    this.#move(params + (indirect ? 1 : 0), results)
  }

  #table(): void {
    if (this.#code.u32() !== 0) throw refused('it has more than one table')
  }

  /** The globals behind the module's own are not for it to touch. */
  #variable(opcode: number): void {
    const index = this.#code.u32()
    const global = opcode === OP.globalGet || opcode === OP.globalSet
    const count = global ? this.#module.globals.count : this.#locals
    if (index >= count) throw malformed(`it has no ${global ? 'global' : 'local'} ${index}`, this.#code.at)
    this.#segment.cost += 1
    if (opcode === OP.localGet || opcode === OP.globalGet) this.#move(0, 1)
    else this.#move(1, opcode === OP.localTee ? 1 : 0)
  }

  #typedSelect(): void {
    if (this.#code.u32() !== 1 || !isValueType(this.#code.byte()))
      throw refused('it selects among values that are no plain numbers')
    this.#segment.cost += 1
    this.#move(3, 1)
  }

  /**
   * The memory is at its maximum from the start. What the module sees of it grows by counting, so that growth never
   * depends on the machine.
   */
  #pages(opcode: number, start: number): void {
    this.#memoryZero()
    if (this.#module.memory === undefined) throw malformed('it has no memory', start)
    this.#flush(start)
    this.#copied = this.#code.at
    this.#segment.cost += 1
    const grows = opcode === OP.memoryGrow
    this.#out.push(grows ? this.#added.grow() : this.#added.size())
    this.#move(grows ? 1 : 0, 1)
  }

  #memoryZero(): void {
    if (this.#code.u32() !== 0) throw refused('it has more than one memory')
  }

  #prefixed(start: number): void {
    const code = this.#code.u32()
    this.#segment.cost += 1
    if (code <= BULK.lastTruncation) this.#move(1, 1)
    else if (code === BULK.dataDrop) this.#code.skipLeb32()
    else if (code === BULK.memoryInit || code === BULK.memoryCopy || code === BULK.memoryFill) {
      if (code === BULK.memoryInit) this.#code.skipLeb32()
      if (code === BULK.memoryCopy) this.#memoryZero()
      this.#memoryZero()
      this.#flush(start)
      this.#out.push(this.#added.chargeLength())
      this.#move(3, 0)
    } else throw refused(`it has an instruction that is not allowed (0xfc ${code})`, { at: start })
  }

  #move(pops: number, pushes: number): void {
    const base = this.#blocks.at(-1)?.base ?? 0
    this.#height = Math.max(base, this.#height - pops) + pushes
    this.#highest = Math.max(this.#highest, this.#height)
  }

  #newSegment(check: Segment['check']): Segment {
    this.#flush(this.#code.at)
    const segment = { place: this.#out.push(new Uint8Array()) - 1, check, cost: 0 }
    this.#segments.push(segment)
    return segment
  }

  #flush(upTo: number): void {
    if (upTo > this.#copied) this.#out.push(this.#code.bytes.subarray(this.#copied, upTo))
    this.#copied = upTo
  }
}
