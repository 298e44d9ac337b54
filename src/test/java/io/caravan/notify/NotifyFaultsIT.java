package io.caravan.notify;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.caravan.FaultProxy;
import io.caravan.Peers;
import io.caravan.http.ApiServer;
import io.caravan.notify.NoticeFaults.Told;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sns.SnsClient;

/** A network that delays, cuts and drops between sink and SNS (moto): no message is lost, a repeated one has the same id. */
@Timeout(300)
class NotifyFaultsIT {

    @Test
    void everySubscriberIsTold() throws Exception {
        String moto = Peers.address("moto");
        List<Told> told = new CopyOnWriteArrayList<>();
        NoticeFaults faults = new NoticeFaults();
        try (ApiServer subscriber = new ApiServer(exchange -> {
                    JsonNode message = new ObjectMapper().readTree(exchange.getRequestBody());
                    String id = message.at("/MessageAttributes/deduplicationId/Value")
                            .asText();
                    told.add(new Told(id, message.get("Message").asText()));
                    ApiServer.answer(exchange, 200, "");
                });
                FaultProxy proxy = new FaultProxy(moto);
                SnsClient client = NotifyIT.client("http://" + moto)) {
            String arn = client.createTopic(r -> r.name("faults")).topicArn();
            client.subscribe(s -> s.topicArn(arn).protocol("http").endpoint(subscriber.url("/told")));
            faults.survives(proxy, NotifyIT.channel(arn, "http://" + proxy.address()), 1);
        }
        faults.assertTold(told);
    }
}
