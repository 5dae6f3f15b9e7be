package io.blipstream.model.hub;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Leads connections on to a port, and cuts each of the first ones after as many answered bytes as
 * its plan says, wherever in a header or a body that is.
 */
final class CuttingForwarder implements AutoCloseable {

  /** When connections are cut; shared by the forwarders of several ports. */
  static final class Plan {

    private final int[] afterBytes;
    private final AtomicInteger next = new AtomicInteger();
    private final AtomicInteger cuts = new AtomicInteger();

    Plan(int... afterBytes) {
      this.afterBytes = afterBytes;
    }

    int cuts() {
      return cuts.get();
    }

    private int take() {
      int index = next.getAndIncrement();
      return index < afterBytes.length ? afterBytes[index] : Integer.MAX_VALUE;
    }

    /** A connection ended without having met its cut: another one shall. */
    private void giveBack() {
      next.decrementAndGet();
    }
  }

  private final ServerSocket listening;
  private final int target;
  private final Plan plan;

  CuttingForwarder(int target, Plan plan) throws IOException {
    this.target = target;
    this.plan = plan;
    this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  String address() {
    return "http://127.0.0.1:" + listening.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = listening.accept();
      Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
      start(() -> pump(client, server));
      start(() -> pumpUntilCut(server, client));
    }
  }

  private static void pump(Socket from, Socket to) throws IOException {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    }
  }

  private void pumpUntilCut(Socket from, Socket to) throws IOException {
    int left = plan.take();
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] buffer = new byte[4096];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        out.write(buffer, 0, Math.min(read, left));
        if (read >= left) {
          out.flush();
          plan.cuts.incrementAndGet();
          return;
        }
        if (left != Integer.MAX_VALUE) {
          left -= read;
        }
      }
      if (left != Integer.MAX_VALUE) {
        plan.giveBack();
      }
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void start(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // The other side was cut or closed, which ends this one as well.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }
}
