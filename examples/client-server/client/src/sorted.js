exports.sorted = (recipes) => [...recipes].sort((a, b) => a.title.localeCompare(b.title));
