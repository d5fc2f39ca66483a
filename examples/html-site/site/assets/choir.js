document.title += " (welcome)"; // app.listen(9999)
