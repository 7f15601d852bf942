import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { createTranslator, resolveLanguage } from './i18n/translate.ts'
import './styles/index.css'

const root = document.getElementById('root')
if (root === null) throw new Error('index.html has no #root')
const language = resolveLanguage('system', navigator.languages)
document.documentElement.lang = language
createRoot(root).render(
  <StrictMode>
    <App translator={createTranslator(language)} />
  </StrictMode>,
)
