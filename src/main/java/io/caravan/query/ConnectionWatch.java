package io.caravan.query;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpStatusClass;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Ends a connection whose caller takes too long: a request that has come in part is answered with 408, where nothing came the connection is
 * closed. A connection beyond the number that may be is answered with 503 as soon as it asks, unless for what is open to everybody, so
 * that a server that has much to do is not taken for dead. All calls come in the connection's own thread.
 */
final class ConnectionWatch extends ChannelDuplexHandler {

    /** How long one that is turned away may take to ask; beyond so many times the number all are closed without a word. */
    private static final int TO_BE_REFUSED_MILLIS = 1_000;

    private static final int TIMES = 2;

    private enum Reading {
        NOTHING,
        HEAD,
        BODY
    }

    private final ServerLimits limits;
    private final AtomicInteger connections;
    private final Set<String> open;

    private Reading reading = Reading.NOTHING;
    private boolean refusing;
    private boolean decoded; // something whole came since the last bytes
    private int unanswered;
    private boolean answering; // the head of an answer was written, its end was not
    private Future<?> alarm;

    ConnectionWatch(ServerLimits limits, AtomicInteger connections, Set<String> open) {
        this.limits = limits;
        this.connections = connections;
        this.open = open;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        int number = connections.incrementAndGet();
        ctx.channel().closeFuture().addListener(closed -> {
            connections.decrementAndGet();
            alarmOff();
        });
        refusing = number > limits.connections();
        if (number > (long) limits.connections() * TIMES) ctx.close();
        else alarm(ctx, refusing ? TO_BE_REFUSED_MILLIS : limits.idleMillis());
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (message instanceof HttpRequest request && open.contains(request.uri())) refusing = false;
        if (refusing) {
            ReferenceCountUtil.release(message);
            turnAway(ctx);
            return;
        }
        decoded = true;
        if (message instanceof HttpRequest) {
            unanswered++;
            reading = Reading.BODY;
            alarm(ctx, limits.bodyMillis());
        }
        if (message instanceof LastHttpContent) {
            reading = Reading.NOTHING;
            alarmOff();
            whenIdle(ctx);
        }
        ctx.fireChannelRead(message);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        if (!decoded && reading == Reading.NOTHING && !refusing) {
            reading = Reading.HEAD;
            alarm(ctx, limits.headerMillis());
        }
        decoded = false;
        ctx.fireChannelReadComplete();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        boolean provisional = false;
        if (message instanceof HttpResponse response) {
            provisional = response.status().codeClass() == HttpStatusClass.INFORMATIONAL;
            if (response.status().code() == 101) leave(ctx); // no HTTP any more
            else if (!provisional) answering = true;
        }
        if (message instanceof LastHttpContent && !provisional) {
            answering = false;
            unanswered--;
            whenIdle(ctx);
        }
        ctx.write(message, promise);
    }

    private void leave(ChannelHandlerContext ctx) {
        alarmOff();
        ctx.pipeline().remove(this);
    }

    private void whenIdle(ChannelHandlerContext ctx) {
        if (unanswered == 0 && reading == Reading.NOTHING) alarm(ctx, limits.idleMillis());
    }

    private void alarm(ChannelHandlerContext ctx, int millis) {
        alarmOff();
        alarm = ctx.executor().schedule(() -> tooLate(ctx), millis, TimeUnit.MILLISECONDS);
    }

    private void alarmOff() {
        if (alarm != null) alarm.cancel(false);
        alarm = null;
    }

    private void tooLate(ChannelHandlerContext ctx) {
        boolean partly = unanswered == (reading == Reading.BODY ? 1 : 0) && !answering;
        if (refusing || reading == Reading.NOTHING || !partly) ctx.close();
        else if (reading == Reading.HEAD) tell(ctx, 408, "the head", "caravan.api.headerMillis", limits.headerMillis());
        else tell(ctx, 408, "the body", "caravan.api.bodyMillis", limits.bodyMillis());
    }

    private static void tell(ChannelHandlerContext ctx, int status, String part, String setting, int millis) {
        String detail = QueryString.UNIT + ": " + part + " of the request must arrive within " + millis + " ms ("
                + setting + ")";
        last(ctx, HttpReply.raw(status, detail, Map.of()));
    }

    private void turnAway(ChannelHandlerContext ctx) {
        alarmOff();
        String detail = QueryString.UNIT + ": there are as many connections as may be, " + limits.connections()
                + " (caravan.api.connections); try again later";
        last(ctx, HttpReply.raw(503, detail, HttpReply.LATER));
    }

    /** Written past the codec, which knows of no request yet. */
    private static void last(ChannelHandlerContext ctx, byte[] answer) {
        if (!ctx.channel().isActive()) return;
        ctx.pipeline()
                .firstContext()
                .writeAndFlush(Unpooled.wrappedBuffer(answer))
                .addListener(ChannelFutureListener.CLOSE);
    }
}
