document.querySelectorAll("time").forEach((time) => (time.title = time.dateTime));
