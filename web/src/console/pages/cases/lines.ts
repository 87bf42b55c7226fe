import { columns, type Cells, type Column } from './cells'

// The lines of the list as plain elements: made once, and filled with whichever case comes into sight.
// Only what differs is written. Components drawn anew at each step of the wheel took five times as long.

export interface Filling {
  index: number
  id: string
  name: string
  cells: Cells
  chosen: boolean
  current: boolean
}

/** What is the same for all lines of a list. */
export interface Kind {
  choosable: boolean
  opens: boolean
  choose: string
}

interface Cell {
  box: Element // bears the look
  base: string
  text: Text
  look?: string
}

const tagged: readonly Column[] = ['phase', 'due', 'climb']
function made(tag: string, attributes: Record<string, string>): HTMLElement {
  const e = document.createElement(tag)
  for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, value)
  return e
}

/** As many bars as an escalation has rungs; the look of its cell says how many are seen. */
function bars(): Element {
  const of = (tag: string, attributes: Record<string, string | number>) => {
    const e = document.createElementNS('http://www.w3.org/2000/svg', tag)
    for (const [name, value] of Object.entries(attributes)) e.setAttribute(name, String(value))
    return e
  }
  const svg = of('svg', { viewBox: '0 0 16 12', 'aria-hidden': 'true' })
  svg.append(...[1, 2, 3, 4].map((n) => of('rect', { x: (n - 1) * 4, y: 12 - n * 3, width: 3, height: n * 3, fill: 'currentColor' })))
  return svg
}

export class Line {
  readonly root = made('div', { role: 'row', class: 'line row' })
  filled?: Filling
  private box?: HTMLInputElement
  private link?: HTMLAnchorElement
  private cells = {} as Record<Column, Cell>
  private top = -1

  constructor(kind: Kind) {
    if (kind.choosable) {
      const sel = this.root.appendChild(made('span', { role: 'gridcell', class: 'sel' }))
      this.box = sel.appendChild(made('input', { type: 'checkbox', tabindex: '-1', 'aria-label': kind.choose })) as HTMLInputElement
    }
    for (const c of columns) {
      const cell = this.root.appendChild(made('span', { role: 'gridcell', class: c }))
      let box = cell
      if (c === 'name' && kind.opens) box = this.link = cell.appendChild(made('a', { tabindex: '-1' })) as HTMLAnchorElement
      if (tagged.includes(c)) box = cell.appendChild(made('span', {}))
      if (c === 'climb') box.append(bars())
      this.cells[c] = { box, base: box === cell ? c : '', text: box.appendChild(document.createTextNode('')) }
    }
  }

  /** Shows the case at its place, of so many pixels a line. */
  fill(f: Filling, height: number): void {
    const was = this.filled
    this.filled = f
    const top = f.index * height
    if (top !== this.top) this.root.style.transform = `translateY(${(this.top = top)}px)`
    if (f.index !== was?.index) {
      this.root.id = `case-${f.index}`
      this.root.setAttribute('aria-rowindex', String(f.index + 2))
    }
    if (f.current !== was?.current) this.root.classList.toggle('current', f.current)
    if (this.box && f.chosen !== was?.chosen) this.root.setAttribute('aria-selected', String(f.chosen))
    if (this.box && this.box.checked !== f.chosen) this.box.checked = f.chosen
    if (this.link && f.id !== was?.id) this.link.href = `/c/cases/${f.id}`
    this.say('name', f.name, '')
    if (f.cells === was?.cells) return
    for (const c of columns) if (c !== 'name') this.say(c, ...f.cells[c])
  }

  private say(c: Column, text: string, look: string): void {
    const cell = this.cells[c]
    if (cell.text.data !== text) cell.text.data = text
    if (cell.look !== look) cell.box.setAttribute('class', `${cell.base} ${(cell.look = look)}`)
  }
}

/** The lines in sight within their box. The one of the n-th case stays its line while it is in sight. */
export class Lines {
  private pool: Line[] = []

  constructor(private box: HTMLElement, private kind: Kind) {}

  /** Shows the cases from the first to before the last. */
  draw(first: number, last: number, height: number, of: (index: number) => Filling): void {
    while (this.pool.length < last - first) this.pool.push(new Line(this.kind))
    const used = new Set<Line>()
    for (let i = first; i < last; i++) {
      const line = this.pool[i % this.pool.length]!
      line.fill(of(i), height)
      used.add(line)
    }
    for (const line of this.pool) {
      if (used.has(line) && !line.root.parentNode) this.box.append(line.root)
      else if (!used.has(line) && line.root.parentNode) line.root.remove()
    }
  }

  /** Puts the elements into the order of the cases, for who has them read out: they are drawn by their place. */
  order(): void {
    const there = this.pool.filter((l) => l.root.parentNode).sort((a, b) => a.filled!.index - b.filled!.index).map((l) => l.root)
    if (there.some((e, i) => this.box.children[i] !== e)) this.box.append(...there)
  }
}
