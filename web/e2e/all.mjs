// All tests in one process, with one server and one browser. Those that move the clock come last.
import './console.test.mjs'
import './sheets.test.mjs'
import './phone.test.mjs'
import './phone-sheets.test.mjs'
import './desk.test.mjs'
import './docs.test.mjs'
import './axe.test.mjs'
import './lives.test.mjs'
