// Loaded before the Agents Playground, which would listen on every interface of the machine: whoever reached
// it there could act as the person it plays. With this it listens on loopback only.
const net = require("node:net");

const listen = net.Server.prototype.listen;

net.Server.prototype.listen = function (port, ...rest) {
  return typeof port === "number" ? listen.call(this, port, "127.0.0.1", ...rest) : listen.call(this, port, ...rest);
};
