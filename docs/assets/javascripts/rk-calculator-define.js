// @ts-check
import { RkCalculator } from "./rk-calculator.js";

customElements.define("rk-calculator", RkCalculator);
