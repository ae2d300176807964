// Draws people by WebGL 2.

/** @import { Painter, Scene } from "./scene.js" */

import FRAGMENT from "./dots.frag.glsl";
import VERTEX from "./dots.vert.glsl";

const UNIFORMS = /** @type {const} */ ([
  "share", "scale", "size", "ratio", "moving", "origin", "screen", "colours", "faint", "edge",
  "border",
]);
/** Names of programs that stand in for a graphics card: those of Chrome, Mesa and Windows. */
const PROGRAMS = /swiftshader|llvmpipe|softpipe|software|basic render/i;
/** @typedef {Record<(typeof UNIFORMS)[number], WebGLUniformLocation | null>} Locations */

/**
 * Return a painter, or null where the browser offers no WebGL 2.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {boolean} isQuick Whether to do without where a program stands in for a graphics card.
 * @returns {Painter | null}
 */
export function webglPainter(canvas, isQuick) {
  const gl = canvas.getContext("webgl2", {
    antialias: false, premultipliedAlpha: true, failIfMajorPerformanceCaveat: isQuick,
  });
  if (!gl) return null;
  if (isQuick && isProgram(gl)) {
    release(gl);
    return null;
  }
  const program = linked(gl);
  const at = locations(gl, program);
  const load = loader(gl, program);
  gl.useProgram(program);
  gl.enable(gl.BLEND);
  gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  return {
    name: "webgl2",
    paint(scene) {
      clear(gl);
      if (!scene) return;
      load(scene);
      setUniforms(gl, at, scene);
      // Those under way are drawn above the others.
      for (const moving of [0, 1]) {
        gl.uniform1f(at.moving, moving);
        gl.drawArrays(gl.POINTS, 0, scene.codes.length);
      }
    },
    release: () => release(gl),
  };
}

/** @param {WebGL2RenderingContext} gl */
function release(gl) {
  gl.getExtension("WEBGL_lose_context")?.loseContext();
}

/**
 * Tell whether a program stands in for the graphics card, which not every browser says when asked
 * for a context without such a caveat.
 *
 * @param {WebGL2RenderingContext} gl
 */
function isProgram(gl) {
  const told = gl.getExtension("WEBGL_debug_renderer_info");
  return PROGRAMS.test(String(gl.getParameter(told?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER)));
}

/** @param {WebGL2RenderingContext} gl */
function linked(gl) {
  const program = gl.createProgram();
  gl.attachShader(program, compiled(gl, gl.VERTEX_SHADER, VERTEX));
  gl.attachShader(program, compiled(gl, gl.FRAGMENT_SHADER, FRAGMENT));
  gl.linkProgram(program);
  if (!gl.getProgramParameter(program, gl.LINK_STATUS)) {
    throw new Error(`the shaders cannot be linked: ${gl.getProgramInfoLog(program)}`);
  }
  return program;
}

/**
 * @param {WebGL2RenderingContext} gl
 * @param {GLenum} kind
 * @param {string} source
 */
function compiled(gl, kind, source) {
  const shader = gl.createShader(kind);
  if (!shader) throw new Error("the WebGL context is lost");
  gl.shaderSource(shader, source);
  gl.compileShader(shader);
  if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) {
    throw new Error(`a shader cannot be compiled: ${gl.getShaderInfoLog(shader)}`);
  }
  return shader;
}

/**
 * @param {WebGL2RenderingContext} gl
 * @param {WebGLProgram} program
 */
function locations(gl, program) {
  const pairs = UNIFORMS.map((name) => [name, gl.getUniformLocation(program, name)]);
  return /** @type {Locations} */ (Object.fromEntries(pairs));
}

/**
 * Return what sends the people of a scene to the graphics card; what is there already is kept.
 *
 * @param {WebGL2RenderingContext} gl
 * @param {WebGLProgram} program
 */
function loader(gl, program) {
  const names = /** @type {const} */ (["before", "after", "codes"]);
  const buffers = names.map((name) => ({
    name,
    attribute: gl.getAttribLocation(program, name === "codes" ? "code" : name),
    buffer: gl.createBuffer(),
    /** @type {Float32Array | Uint8Array | null} */
    held: null,
    version: 0,
  }));
  return (/** @type {Scene} */ scene) => {
    for (const one of buffers) {
      const data = scene[one.name];
      const isMoved = one.name !== "codes" && one.version !== scene.version;
      if (one.held === data && !isMoved) continue;
      one.held = data;
      one.version = scene.version;
      fill(gl, one, data);
    }
  };
}

/**
 * @param {WebGL2RenderingContext} gl
 * @param {{ attribute: number, buffer: WebGLBuffer }} target
 * @param {Float32Array<ArrayBuffer> | Uint8Array<ArrayBuffer>} data
 */
function fill(gl, { attribute, buffer }, data) {
  const isCode = data instanceof Uint8Array;
  gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
  gl.bufferData(gl.ARRAY_BUFFER, data, gl.DYNAMIC_DRAW);
  gl.enableVertexAttribArray(attribute);
  const kind = isCode ? gl.UNSIGNED_BYTE : gl.FLOAT;
  gl.vertexAttribPointer(attribute, isCode ? 1 : 2, kind, false, 0, 0);
}

/** @param {WebGL2RenderingContext} gl */
function clear(gl) {
  gl.viewport(0, 0, gl.canvas.width, gl.canvas.height);
  gl.clearColor(0, 0, 0, 0);
  gl.clear(gl.COLOR_BUFFER_BIT);
}

/**
 * @param {WebGL2RenderingContext} gl
 * @param {Locations} at
 * @param {Scene} scene
 */
function setUniforms(gl, at, scene) {
  gl.uniform1f(at.share, scene.share);
  gl.uniform1f(at.scale, scene.scale);
  gl.uniform1f(at.size, scene.size);
  gl.uniform1f(at.ratio, scene.ratio);
  gl.uniform2f(at.origin, scene.x, scene.y);
  gl.uniform2f(at.screen, scene.width, scene.height);
  gl.uniform4fv(at.colours, scene.colours);
  gl.uniform1fv(at.faint, scene.faint);
  gl.uniform3fv(at.edge, scene.edge);
  gl.uniform1f(at.border, scene.border * scene.ratio);
}
