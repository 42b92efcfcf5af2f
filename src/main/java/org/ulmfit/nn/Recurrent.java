package org.ulmfit.nn;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A recurrent layer that reads forward, or forward and backward and gives both side by side.
 * Weights begin as Keras's: inputs by Glorot, recurrent ones orthogonal, biases 0, an LSTM's forget
 * gate 1. Names are torch's.
 */
final class Recurrent implements NetworkLayer {

  /** What a unit is. */
  enum Cell {
    /** tanh; Elman 1990. */
    SIMPLE(1),
    /** Hochreiter and Schmidhuber 1997, gates in torch's order i, f, g, o. */
    LSTM(4);

    private final int gates;

    Cell(int gates) {
      this.gates = gates;
    }

    int gates() {
      return gates;
    }
  }

  private static final double FLOATS_A_UNIT = 16.4; // of an LSTM, as Classifier measured

  private final Kernels kernels;
  private final Cell cell;
  private final int units;
  private final List<Direction> directions = new ArrayList<>();

  /**
   * One reading of the documents.
   *
   * @param in weights of the input (gates·units, in)
   * @param recurrent (gates·units, units)
   * @param bias (gates·units)
   * @param none a second bias, which torch has and Keras has not
   */
  private record Direction(NDArray in, Parameter recurrent, Parameter bias, NDArray none) {}

  private final List<Parameter> parameters = new ArrayList<>();

  /**
   * @param name before the names of its tensors
   * @param in width of a step, a table's row; 0: a step is the part of a table's row that each
   *     direction adds to its gates, so that the words are one-hot vectors and the table their
   *     weights
   * @param both whether it reads backward, too
   */
  Recurrent(
      NDManager manager,
      Kernels kernels,
      Weights weights,
      String name,
      Cell cell,
      int in,
      int units,
      boolean both) {
    this.kernels = kernels;
    this.cell = cell;
    this.units = units;
    int gates = cell.gates * units;
    int count = both ? 2 : 1;
    for (int d = 0; d < count; d++) {
      String end = d == 0 ? "_l0" : "_l0_reverse";
      NDArray input;
      if (in == 0) {
        input = part(manager, gates, d, count);
      } else {
        double bound = Weights.glorot(in, gates);
        var own =
            new Parameter(
                name + "weight_ih" + end, weights.make(manager, bound, gates, in), false, false);
        parameters.add(own);
        input = own.value();
      }
      NDArray h = weights.orthogonal(kernels, manager, gates, units);
      var recurrent = new Parameter(name + "weight_hh" + end, h, false, false);
      var bias = new Parameter(name + "bias_ih" + end, bias(manager), false, true);
      parameters.add(recurrent);
      parameters.add(bias);
      directions.add(new Direction(input, recurrent, bias, manager.zeros(new Shape(gates))));
    }
  }

  /** What takes a direction's gates out of a step of both (gates, count·gates). */
  private static NDArray part(NDManager manager, int gates, int d, int count) {
    float[] ones = new float[gates * gates * count];
    for (int g = 0; g < gates; g++) {
      ones[g * gates * count + d * gates + g] = 1;
    }
    return manager.create(FloatBuffer.wrap(ones), new Shape(gates, (long) gates * count));
  }

  private NDArray bias(NDManager manager) {
    float[] bias = new float[cell.gates * units];
    if (cell == Cell.LSTM) {
      java.util.Arrays.fill(bias, units, 2 * units, 1);
    }
    return manager.create(bias);
  }

  @Override
  public int width() {
    return directions.size() * units;
  }

  /** Columns of its output that were read forward. */
  int forwardWidth() {
    return units;
  }

  @Override
  public List<Parameter> parameters() {
    return parameters;
  }

  @Override
  public double floatsAStep() {
    return width() * (cell == Cell.LSTM ? FLOATS_A_UNIT : 4);
  }

  @Override
  public Steps forward(NDManager step, Steps in, boolean training) {
    NDArray y = read(step, in.x(), directions.get(0)); // (steps, rows, units)
    if (directions.size() == 1) {
      return in.with(y);
    }
    NDArray places = step.create(in.reversed());
    NDArray turned = kernels.one(step, "take_steps", in.x(), places);
    NDArray back = kernels.one(step, "take_steps", read(step, turned, directions.get(1)), places);
    return in.with(y.concat(back, 2));
  }

  private NDArray read(NDManager step, NDArray x, Direction d) {
    NDArray recurrent = d.recurrent.value();
    NDArray bias = d.bias.value();
    if (cell == Cell.SIMPLE) {
      return kernels.one(step, "rnn", x, d.in, recurrent, bias);
    }
    NDArray zero = step.zeros(new Shape(1, x.getShape().get(1), units));
    NDArray one = step.ones(new Shape(1, 1, 1));
    NDArray whole = step.ones(new Shape(1, 1));
    NDArray y =
        kernels
            .call(
                step,
                AwdLstm.layerKernel(kernels),
                x,
                one,
                zero,
                zero,
                d.in,
                recurrent,
                whole,
                bias,
                d.none)
            .get(0);
    if (y.getShape().get(2) != units) {
      y = kernels.one(step, "unfilled", y, recurrent);
    }
    return kernels.one(step, "to_float", y);
  }
}
