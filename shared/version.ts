/** The product's version as `hello` tells it: the first two numbers of package.json's. */
export const productVersion = '1.0';
