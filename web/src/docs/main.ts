// The contract of the API, shown by Swagger UI. What is tried out goes under the session of
// whoever is signed in here, or under the token that is given to "Authorize".
import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js'
import 'swagger-ui-dist/swagger-ui.css'
import './docs.css'

// What of an operation is looked through for the words that somebody types.
interface Operation {
  get(name: 'path' | 'method'): string
  getIn(path: string[]): string | undefined
}
interface Operations {
  filter(keep: (o: Operation) => boolean): Operations
  size: number
}
interface Tagged {
  map(change: (tag: Tag) => Tag): Tagged
  filter(keep: (tag: Tag) => boolean): Tagged
}
interface Tag {
  get(name: 'operations'): Operations
  set(name: 'operations', value: Operations): Tag
}

// search keeps the operations in whose address, id, summary or description every word stands. The
// renderer writes the id of an operation that was opened in letters of its own beside the original.
function search(tagged: Tagged, phrase: string): Tagged {
  const words = phrase.toLowerCase().split(/\s+/).filter(Boolean)
  const said = (o: Operation): string =>
    [o.get('path'), o.get('method'), ...['operationId', '__originalOperationId', 'summary', 'description'].map((field) => o.getIn(['operation', field]) ?? '')].join(' ').toLowerCase()
  return tagged
    .map((tag) => tag.set('operations', tag.get('operations').filter((o) => words.every((word) => said(o).includes(word)))))
    .filter((tag) => tag.get('operations').size > 0)
}

SwaggerUI({
  url: '/openapi.json',
  dom_id: '#app',
  deepLinking: true,
  filter: true,
  docExpansion: 'none',
  defaultModelsExpandDepth: 0,
  displayOperationId: true,
  displayRequestDuration: true,
  validatorUrl: null,
  tryItOutEnabled: false,
  presets: [SwaggerUI.presets.apis],
  plugins: [() => ({ fn: { opsFilter: search } })],
})
