import './desk.css'
import { addWords } from '@/app/i18n'
import words from './words'

// Words and looks that the pages of the desk share come with the first of them.
addWords('desk', words)
