// What the pages are like for the people who get them: axe-core finds nothing, light or dark; nothing is fetched, nothing fails, nothing
// needs a wide screen, and the executive report prints on two pages.
