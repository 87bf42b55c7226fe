// Package board is what people and programs read beside the case itself: rows of lists and the
// filters that select them, cursors of those who follow along, identities, places, coverage and
// the receipts of commands. The core decides without any of it; the store fills it, the API
// shows it. It holds data alone and knows the core, which does not know it.
package board
