export function GET() {
  return Response.json({ beat: true });
}
