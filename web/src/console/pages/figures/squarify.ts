/** A rectangle of a treemap, in per cent of the whole. */
export interface Box {
  left: number
  top: number
  width: number
  height: number
}

/**
 * Lays areas out as rectangles that are as square as can be (Bruls, Huizing, van Wijk), the largest
 * first. ratio is width by height of the whole. Areas that are 0 get a little, so that they are seen.
 */
export function squarify(areas: number[], ratio: number): Box[] {
  const least = Math.max(...areas, 1) / 60
  const order = areas.map((a, i) => ({ i, a: Math.max(a, least) })).sort((x, y) => y.a - x.a)
  const sum = order.reduce((s, x) => s + x.a, 0)
  const rest = { left: 0, top: 0, width: ratio, height: 1 }
  const out: Box[] = []
  for (let at = 0; at < order.length; ) {
    const side = Math.min(rest.width, rest.height)
    const area = (n: number) => (n / sum) * ratio
    let row = [order[at]!]
    let worst = shape(row.map((x) => area(x.a)), side)
    for (let next = at + 1; next < order.length; next++) {
      const longer = [...row, order[next]!]
      const then = shape(longer.map((x) => area(x.a)), side)
      if (then > worst) break
      row = longer
      worst = then
    }
    const thick = row.reduce((s, x) => s + area(x.a), 0) / side
    let along = 0
    for (const x of row) {
      const length = area(x.a) / thick
      out[x.i] = rest.width >= rest.height
        ? { left: rest.left, top: rest.top + along, width: thick, height: length }
        : { left: rest.left + along, top: rest.top, width: length, height: thick }
      along += length
    }
    if (rest.width >= rest.height) {
      rest.left += thick
      rest.width -= thick
    } else {
      rest.top += thick
      rest.height -= thick
    }
    at += row.length
  }
  return out.map((b) => ({ left: (b.left / ratio) * 100, top: b.top * 100, width: (b.width / ratio) * 100, height: b.height * 100 }))
}

/** How far from square the worst of a row is. */
function shape(areas: number[], side: number): number {
  const sum = areas.reduce((s, a) => s + a, 0)
  return Math.max(...areas.map((a) => Math.max((side * side * a) / (sum * sum), (sum * sum) / (side * side * a))))
}
