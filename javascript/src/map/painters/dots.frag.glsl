#version 300 es
// A filled circle with a border, smooth at its edge.
precision mediump float;
in vec4 fill; in float radius, side; uniform vec3 edge; uniform float border; out vec4 colour;
void main() {
  float far = length(gl_PointCoord - 0.5) * side;
  float whole = clamp(radius + 0.5 - far, 0.0, 1.0);
  float inner = clamp(radius - border + 0.5 - far, 0.0, 1.0);
  vec3 shade = mix(edge, fill.rgb, inner);
  float alpha = whole * fill.a;
  colour = vec4(shade * alpha, alpha);
}
