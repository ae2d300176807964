// esbuild's "text" loader turns these files into strings.
declare module "*.css" {
  const text: string;
  export default text;
}
declare module "*.glsl" {
  const text: string;
  export default text;
}
