#version 300 es
// A dot per person, moved from before to after by a share of the way.
in vec2 before; in vec2 after; in float code;
uniform float share, scale, size, ratio, moving; uniform vec2 origin, screen;
uniform vec4 colours[16]; uniform float faint[16];
out vec4 fill; out float radius, side;
void main() {
  int colour = int(code) & 15; bool moves = (int(code) & 16) > 0, pale = (int(code) & 32) > 0;
  vec2 pixel = (mix(before, after, share) - origin) * scale;
  fill = colours[colour];
  if (pale) fill.a *= 0.12;
  radius = size * (moves ? 1.25 : 1.0) * (1.0 - 0.35 * faint[colour]);
  bool shown = moves == (moving > 0.5) && fill.a > 0.0;
  vec2 clip = pixel / screen * 2.0 - 1.0;
  gl_Position = vec4(shown ? clip * vec2(1.0, -1.0) : vec2(9.0), 0.0, 1.0);
  radius *= ratio;
  side = 2.0 * radius + 2.0;
  gl_PointSize = side;
}
