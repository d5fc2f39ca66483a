test("answers", async () => {
  expect((await fetch("http://localhost:3355/pilot/livez")).status).toBe(200);
});
